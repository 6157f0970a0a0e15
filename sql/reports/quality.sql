-- One row per table of the source: its rows, and what became of the expectations tried on it.
with set_aside as (
    select
        quarantine.table_name,
        count(distinct quarantine.key) as rows_quarantined
    from quarantine
    group by quarantine.table_name
)

select
    validation.table_name,
    max(validation.total_rows) as total_rows,
    count(*) as tried,
    count(*) filter (where not validation.success and validation.evaluated) as broken,
    count(*) filter (where not validation.evaluated) as not_evaluated,
    coalesce(max(set_aside.rows_quarantined), 0) as rows_quarantined
from validation
left join set_aside on set_aside.table_name = validation.table_name
group by validation.table_name
order by validation.table_name
