-- One row per letter drafted tonight, as it is kept.
select * from drafts
order by facility_id, draft_id
