-- One row per line whose reasons are looked for: those that fall tonight.
select
    decided.facility_id,
    decided.borrower_id,
    decided.group_id
from decided
where decided.proposed_action = 'decrease'
