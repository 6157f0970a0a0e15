-- One row per loan approved in the twelve months up to the night: the share that the SBA answers for, a
-- sovereign and so of the best grade.
select
    'SBA-' || loannr_chkdgt as facility_id,
    'SBA' as guarantee_id,
    'guarantor' as kind,
    'SBA' as provider_id,
    'A' as provider_grade,
    cast(sba_appv * 10000 // grappv as integer) as covered_share_bp,
    approvaldate as valid_from,
    'active' as status
from source
where approvaldate > $as_of - interval 12 month and approvaldate <= $as_of
order by facility_id
