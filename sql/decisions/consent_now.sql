-- One row per borrower with a consent on record: what stands on as_of. A consent to one line alone
-- (facility_id given) is an offer taken up; `facility_id` is null on the row for all lines.
select
    consent.borrower_id,
    consent.facility_id,
    bool_or(
        consent.kind = 'limit_increase'
        and (consent.withdrawn_on is null or consent.withdrawn_on > night.as_of)
    )
        as rise_granted,
    bool_or(consent.kind = 'limit_increase' and consent.withdrawn_on <= night.as_of) as rise_withdrawn,
    max(consent.amount_cents) filter (where consent.kind = 'limit_increase') as amount_cents,
    max(consent.granted_on) filter (where consent.kind = 'limit_increase') as rise_granted_on,
    bool_or(
        consent.kind = 'automation_objection'
        and (consent.withdrawn_on is null or consent.withdrawn_on > night.as_of)
    ) as objects
from consent, night
where consent.granted_on <= night.as_of
group by consent.borrower_id, consent.facility_id
