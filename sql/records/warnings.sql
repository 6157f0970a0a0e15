-- One row per early warning that stands, as it is kept.
select * from warnings
order by facility_id
