-- One row per named rate (LPR and the like) and day: the sound rows, with those spoiled that bad_row
-- names.
select
    coalesce(b.e1, t.name) as name,
    coalesce(cast(b.e2 as date), t.as_of) as as_of,
    case b.kind
        when 'reference_rate_is_given' then null
        when 'reference_rate_is_plausible' then 30000
        else t.rate_bp
    end as rate_bp,
    t.recorded_at
from reference_rate as t
left join bad_row as b
    on
        b.table_name = 'reference_rate' and b.k1 = t.name
        and b.k2 = cast(t.as_of as varchar)
order by 1, 2
