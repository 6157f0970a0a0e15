-- One row per line that is not closed: tonight's decisions, as they are kept.
select * from decisions
order by facility_id
