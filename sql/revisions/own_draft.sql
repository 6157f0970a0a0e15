-- One row per letter of the revision's own decisions, but for those that the night wrote word for word, and
-- for invitations of whom it invited already.
select drafts.*
from drafts
left join first_draft
    on
        drafts.facility_id = first_draft.facility_id
        and drafts.kind = first_draft.kind
        and drafts.subject = first_draft.subject
        and drafts.body = first_draft.body
where
    first_draft.facility_id is null
    and (
        drafts.kind <> 'invitation'
        or drafts.borrower_id not in (
            select invited.borrower_id
            from first_draft as invited
            where invited.kind = 'invitation'
        )
    )
order by drafts.facility_id
