-- One row per pair of borrowers of whom one controls the other, and day it began: the sound rows, with
-- those spoiled that bad_row names.
select
    coalesce(b.e1, t.borrower_id) as borrower_id,
    coalesce(b.e2, t.related_borrower_id) as related_borrower_id,
    coalesce(b.e3, t.kind) as kind,
    case b.kind when 'control_share_is_a_share' then 10001 else t.share_bp end as share_bp,
    coalesce(cast(b.e4 as date), t.valid_from) as valid_from,
    case b.kind
        when 'control_link_ends_after_it_begins' then t.valid_from - 1
        else t.valid_until
    end as valid_until,
    t.recorded_at
from control_link as t
left join bad_row as b
    on
        b.table_name = 'control_link' and b.k1 = t.borrower_id
        and b.k2 = t.related_borrower_id
        and b.k3 = t.kind
        and b.k4 = cast(t.valid_from as varchar)
order by 1, 2, 3, 5
