-- One row per company: whether it went bankrupt. Read by the check of a scorecard alone; never by a night.
select
    printf('SMESD-%04d', company_index) as borrower_id,
    bankrupt = 1 as defaulted
from source_company
order by borrower_id
