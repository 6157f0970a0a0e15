-- One row per letter of the night, for whoever sends it.
select
    drafts.draft_id,
    drafts.facility_id,
    drafts.borrower_id,
    drafts.kind,
    drafts.language,
    drafts.effective_on,
    drafts.deadline_on,
    drafts.subject,
    drafts.body,
    drafts.reason_codes
from drafts
order by drafts.facility_id
