-- One row at most: the decision on one line in a batch.
select * from kept_decisions
where kept_decisions.facility_id = $facility_id
