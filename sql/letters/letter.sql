-- One row per letter of a batch, in the order of lines, with the change of its line in the same batch: an
-- offer has none, and what is told ahead tells of none.
select
    kept_drafts.draft_id,
    kept_drafts.facility_id,
    kept_drafts.borrower_id,
    kept_drafts.kind,
    kept_drafts.language,
    kept_drafts.subject,
    kept_drafts.body,
    kept_drafts.effective_on,
    kept_drafts.deadline_on,
    kept_drafts.reference,
    kept_changes.change_id
from kept_drafts
left join kept_changes
    on
        kept_drafts.facility_id = kept_changes.facility_id
        and kept_drafts.kind not in ('invitation', 'early_warning')
order by kept_drafts.facility_id, kept_drafts.draft_id
