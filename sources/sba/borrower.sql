-- One row per loan approved in the twelve months up to the night: the business behind it.
select
    'SBA-' || loannr_chkdgt as borrower_id,
    'enterprise' as borrower_type,
    'US' as jurisdiction,
    'en' as language,
    nullif(naics, '0') as industry_code
from source
where approvaldate > $as_of - interval 12 month and approvaldate <= $as_of
order by borrower_id
