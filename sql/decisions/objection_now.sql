-- One row per borrower who objects on as_of to being decided on by a machine alone.
select distinct consent.borrower_id
from consent, night
where
    consent.kind = 'automation_objection'
    and consent.granted_on <= night.as_of
    and (consent.withdrawn_on is null or consent.withdrawn_on > night.as_of)
