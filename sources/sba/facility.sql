-- One row per loan approved in the twelve months up to the night. What was paid out adds every draw of a
-- revolving line and knows no repayment, so it counts up to the limit, and only once it was paid out.
select
    'SBA-' || loannr_chkdgt as facility_id,
    'SBA-' || loannr_chkdgt as borrower_id,
    'working_capital' as product,
    'USD' as currency,
    grappv * 100 as credit_limit_cents,
    case when disbursementdate <= $as_of then least(disbursementgross, grappv) * 100 else 0 end
        as drawn_cents,
    approvaldate as opened_on,
    'active' as status,
    case revlinecr when 'Y' then true when 'N' then false end as revolving
from source
where approvaldate > $as_of - interval 12 month and approvaldate <= $as_of
order by facility_id
