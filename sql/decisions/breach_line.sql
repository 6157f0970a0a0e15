-- One row per hard cap that would be passed, of the policy or of law, and line that it adds up.
select
    'exposure' as step,
    breach.cap_row,
    breach.cap_cents,
    breach.owner_id,
    breach.cut_cents,
    exposure_of_line.facility_id
from breach
inner join exposure_of_line
    on breach.owner_id = case breach.scope
        when 'borrower' then exposure_of_line.borrower_id
        else exposure_of_line.group_id
    end
union all
select
    'regulation' as step,
    law_breach.cap_row,
    law_breach.cap_cents,
    law_breach.owner_id,
    law_breach.cut_cents,
    law_claim.facility_id
from law_breach
inner join
    law_claim
    on law_breach.cap_row = law_claim.cap_row and law_breach.owner_id = law_claim.owner_id
inner join exposure_of_line on law_claim.facility_id = exposure_of_line.facility_id
