-- One row per promise that stood before tonight or is made tonight, and how it stands now.
select * from promises
order by facility_id, made_on, promise_id
