-- One row per borrower in default on as_of: 90 days past due on an open line, or under a treatment that the
-- policy calls a default. Whoever asks about default, of the borrower, their group or a provider, asks here.
select stg_facility.borrower_id
from stg_facility
where stg_facility.status is distinct from 'closed' and stg_facility.days_past_due >= 90
union
select treatment.borrower_id
from treatment, night, pol_control_group
where
    treatment.valid_from <= night.as_of
    and (treatment.valid_until is null or treatment.valid_until >= night.as_of)
    and list_contains(pol_control_group.default_treatments, treatment.kind)
order by borrower_id
