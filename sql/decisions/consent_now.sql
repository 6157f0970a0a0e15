-- One row per borrower (facility_id null: for all lines) or line, with a consent to rises on record: the
-- newest one, and whether it stands on as_of. A consent to one line is an offer taken up.
select
    consent.borrower_id,
    consent.facility_id,
    consent.granted_on,
    consent.amount_cents,
    consent.withdrawn_on is null or consent.withdrawn_on > night.as_of as stands
from consent, night
where consent.kind = 'limit_increase' and consent.granted_on <= night.as_of
qualify row_number() over (
    partition by consent.borrower_id, consent.facility_id order by consent.granted_on desc
) = 1
