-- One row per letter of a settlement, as it is kept: named after it, so that it is not taken for the night's.
select
    drafts.* replace (substr(sha256($kind || '|' || drafts.draft_id), 1, 32) as draft_id)
from drafts
inner join settled_line on drafts.facility_id = settled_line.facility_id
order by drafts.facility_id
