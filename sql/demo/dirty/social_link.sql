-- One row per pair of borrowers and kind of tie: the sound rows, with those spoiled that bad_row names.
select
    coalesce(b.e1, t.borrower_id) as borrower_id,
    coalesce(b.e2, t.related_borrower_id) as related_borrower_id,
    coalesce(b.e3, t.kind) as kind,
    t.recorded_at
from social_link as t
left join bad_row as b
    on
        b.table_name = 'social_link' and b.k1 = t.borrower_id
        and b.k2 = t.related_borrower_id
        and b.k3 = t.kind
order by 1, 2, 3
