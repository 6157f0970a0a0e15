-- One row per borrower, kind of consent and day it was granted: the sound rows, with those spoiled that
-- bad_row names.
select
    coalesce(b.e1, t.borrower_id) as borrower_id,
    coalesce(b.e2, t.kind) as kind,
    coalesce(cast(b.e3 as date), t.granted_on) as granted_on,
    case b.kind when 'consent_line_is_the_borrowers' then 'unknown' else t.facility_id end as facility_id,
    case b.kind when 'consent_amount_is_not_negative' then -1 else t.amount_cents end as amount_cents,
    case b.kind
        when 'consent_is_withdrawn_after_it_is_granted' then t.granted_on - 1
        else t.withdrawn_on
    end as withdrawn_on,
    t.recorded_at
from consent as t
left join bad_row as b
    on
        b.table_name = 'consent' and b.k1 = t.borrower_id
        and b.k2 = t.kind
        and b.k3 = cast(t.granted_on as varchar)
order by 1, 2, 3
