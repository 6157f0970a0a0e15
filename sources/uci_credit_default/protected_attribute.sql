-- One row per client: what the fairness report alone may read. Codes that the publisher does not
-- explain keep their number; a number outside the published lists is kept in the same way.
select
    printf('UCI%05d', id) as borrower_id,
    case sex when 1 then 'male' when 2 then 'female' else 'undocumented_' || sex end as sex,
    cast(2005 - age as integer) as birth_year,
    case marriage
        when 1 then 'married'
        when 2 then 'single'
        when 3 then 'other'
        else 'undocumented_' || marriage
    end as marital_status,
    case education
        when 1 then 'graduate_school'
        when 2 then 'university'
        when 3 then 'high_school'
        when 4 then 'other'
        else 'undocumented_' || education
    end as education
from source
order by borrower_id
