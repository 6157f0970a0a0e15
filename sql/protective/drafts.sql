-- One row per letter that tells of a block taken out of a held night.
select drafts.*
from drafts
inner join changing_line on drafts.facility_id = changing_line.facility_id
where drafts.kind = 'freeze'
order by drafts.facility_id, drafts.draft_id
