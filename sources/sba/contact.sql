-- One row per loan approved in the twelve months up to the night: where its business is reached.
select
    'SBA-' || loannr_chkdgt as borrower_id,
    trim(name) as name,
    concat_ws(', ', city, concat_ws(' ', state, lpad(nullif(zip, '0'), 5, '0'))) as address
from source
where approvaldate > $as_of - interval 12 month and approvaldate <= $as_of
order by borrower_id
