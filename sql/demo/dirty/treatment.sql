-- One row per borrower, kind of treatment and day it began: the sound rows, with those spoiled that
-- bad_row names.
select
    coalesce(b.e1, t.borrower_id) as borrower_id,
    coalesce(b.e2, t.kind) as kind,
    coalesce(cast(b.e3 as date), t.valid_from) as valid_from,
    case b.kind
        when 'treatment_ends_after_it_begins' then t.valid_from - 1
        else t.valid_until
    end as valid_until,
    t.recorded_at
from treatment as t
left join bad_row as b
    on
        b.table_name = 'treatment' and b.k1 = t.borrower_id
        and b.k2 = t.kind
        and b.k3 = cast(t.valid_from as varchar)
order by 1, 2, 3
