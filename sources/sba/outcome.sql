-- One row per loan: whether it was charged off. Read by the check of a scorecard alone; never by a night.
select
    'SBA-' || loannr_chkdgt as borrower_id,
    case mis_status when 'CHGOFF' then true when 'P I F' then false end as defaulted
from source
order by borrower_id
