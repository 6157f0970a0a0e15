-- One row per table with quarantined rows: how many; a row that broke several promises counts once.
select
    quarantine.table_name,
    count(distinct quarantine.key) as rows
from quarantine
group by quarantine.table_name
order by quarantine.table_name
