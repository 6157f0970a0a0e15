-- One row per cap of law that would be passed and whose limits would pass it: what must be cut from the
-- standing lines once every rise is refused, in the reporting currency.
select
    law_claim.cap_row,
    law_claim.cap_cents,
    law_claim.owner_id,
    cast(greatest(sum(exposure_of_line.standing_cents) - law_claim.cap_cents, 0) as bigint) as cut_cents
from law_claim
inner join exposure_of_line on law_claim.facility_id = exposure_of_line.facility_id
group by law_claim.cap_row, law_claim.cap_cents, law_claim.owner_id
having cast(sum(exposure_of_line.wanted_cents) as bigint) > law_claim.cap_cents
