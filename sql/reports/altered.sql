-- One row per batch whose rows in the lender's database are not what was handed over.
select
    altered.batch,
    altered.destination,
    altered.missing,
    altered.differ
from altered
order by altered.batch, altered.destination
