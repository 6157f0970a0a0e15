-- One row per line: no ground, of decisions that are never told.
select
    decided.facility_id,
    cast(
        [] as struct(step varchar, row varchar, kind varchar, class_share_bp integer, cents bigint)[]
    ) as grounds
from decided
