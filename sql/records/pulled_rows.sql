-- One row per table that tonight's source holds: how many rows.
select
    pulled_rows.table_name,
    pulled_rows.rows
from pulled_rows
order by pulled_rows.table_name
