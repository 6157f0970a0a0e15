-- One row per letter of a batch as `drafts` has them today: those of an older version have no reference.
select * from drafts
union all by name
select * from drafts_file
