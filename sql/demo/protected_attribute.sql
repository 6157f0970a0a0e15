-- One row per consumer of the night. None of it enters the hidden factor or a line.
select
    borrower_id,
    case when habit_no % 2 = 0 then 'female' else 'male' end as sex,
    cast(birth_year as integer) as birth_year,
    ['single', 'married', 'divorced', null][1 + u_when % 4] as marital_status,
    ['school', 'college', 'university', 'higher', null][1 + u_hardship % 5] as education,
    cast(onboarded_on as timestamp) + interval 20 hour as recorded_at
from person
where not is_enterprise and onboarded_on <= $as_of
order by borrower_id
