-- One row per case of a batch that was held, read back from its file.
select * from held_case
order by case_id
