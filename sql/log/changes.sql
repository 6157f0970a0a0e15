-- One row: the change of one line in a batch.
select * from kept_changes
where kept_changes.facility_id = $facility_id
