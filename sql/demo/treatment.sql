-- One row per borrower, kind of treatment and day it began.
with due as (
    select
        borrower_id,
        case u_hardship % 800
            when 1 then 'forbearance'
            when 2 then 'payment_plan'
            when 3 then 'breathing_space'
            when 4 then 'dispute'
            when 5 then 'complaint'
            when 6 then 'do_not_touch'
        end as kind,
        onboarded_on + 150 + cast(u_when % 1500 as integer) as valid_from,
        60 + cast(u_industry % 400 as integer) as lasts
    from person
    union all
    select
        borrower_id,
        case when u_industry % 2 = 0 then 'forbearance' else 'payment_plan' end,
        hardship_from + 10,
        180
    from person
    where hardship_from is not null and u_industry % 3 > 0
    union all
    -- One in eight who stop paying for good goes bankrupt.
    select borrower_id, 'bankruptcy', trouble_on + 150, null
    from person
    where trouble_on is not null and u_when % 8 = 3
)

select
    borrower_id,
    kind,
    valid_from,
    valid_from + lasts as valid_until,
    cast(valid_from as timestamp) + interval 15 hour as recorded_at
from due
where kind is not null and valid_from <= $as_of
qualify row_number() over (partition by borrower_id, kind, valid_from order by lasts) = 1
order by borrower_id, kind, valid_from
