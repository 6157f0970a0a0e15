-- One row per letter of a revision: its own, and the corrections of what the night had told. Each is named
-- after the revision too, so that it is not taken for a letter of the night.
select
    letter.* replace (
        substr(sha256(cast($number as varchar) || '|' || letter.draft_id), 1, 32) as draft_id
    )
from (
    select own_draft.* from own_draft
    union all
    select drafts.* from drafts
) as letter
order by letter.facility_id, letter.draft_id
