-- One row per borrower with a line: the most days past due on any of them (unknown counts as none).
select
    stg_facility.borrower_id,
    cast(max(coalesce(stg_facility.days_past_due, 0)) as integer) as worst_dpd_now
from stg_facility
where stg_facility.status is distinct from 'closed'
group by stg_facility.borrower_id
