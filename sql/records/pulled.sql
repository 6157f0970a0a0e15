-- One row: what tonight's raw_ views stand on.
select
    pulled.source,
    pulled.source_identity,
    pulled.snapshot
from pulled
