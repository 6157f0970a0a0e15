-- One row per currency and day: reporting currency units for one unit, in millionths: the sound rows, with
-- those spoiled that bad_row names.
select
    coalesce(b.e1, t.currency) as currency,
    coalesce(cast(b.e2 as date), t.as_of) as as_of,
    case b.kind
        when 'fx_rate_is_given' then null
        when 'fx_rate_is_computable' then 1000000000000000
        else t.rate_ppm
    end as rate_ppm,
    t.recorded_at
from fx_rate as t
left join bad_row as b
    on
        b.table_name = 'fx_rate' and b.k1 = t.currency
        and b.k2 = cast(t.as_of as varchar)
order by 1, 2
