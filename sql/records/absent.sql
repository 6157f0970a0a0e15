-- One row per line that tonight's source leaves out: what it carries on from, as it is kept.
select * from absent
order by facility_id
