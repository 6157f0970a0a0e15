-- One row per correction letter, as it is kept.
select drafts.*
from drafts
order by drafts.facility_id, drafts.draft_id
