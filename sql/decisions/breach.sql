-- One row per cap of the policy that would be passed and the borrower or group that would pass it: what
-- must be cut from the standing lines once every rise is refused, in the reporting currency.
select
    cap.cap_row,
    cap.cap_cents,
    exposure_total.scope,
    exposure_total.owner_id,
    greatest(exposure_total.standing_cents - cap.cap_cents, 0) as cut_cents
from exposure_total
inner join
    cap
    on
        exposure_total.scope = cap.scope
        and (cap.subject is null or exposure_total.subject = cap.subject)
where exposure_total.wanted_cents > cap.cap_cents
