-- One row per table and expectation: how many rows it set aside.
select
    quarantine.table_name,
    quarantine.expectation,
    count(*) as rows_quarantined
from quarantine
group by quarantine.table_name, quarantine.expectation
order by rows_quarantined desc, quarantine.table_name, quarantine.expectation
