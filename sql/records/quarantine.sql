-- One row per row of the source and warning it broke: what was set aside, kept so that the night can be
-- decided again on the rows that it accepted.
select * from quarantine
order by table_name, key, expectation, borrower_id
