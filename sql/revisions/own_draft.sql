-- One row per letter of the revision's own decisions, but for those that the night wrote word for word.
select drafts.*
from drafts
left join first_draft
    on
        drafts.facility_id = first_draft.facility_id
        and drafts.kind = first_draft.kind
        and drafts.subject = first_draft.subject
        and drafts.body = first_draft.body
where first_draft.facility_id is null
order by drafts.facility_id
