-- One row per line: no reason, of decisions that are never told.
select
    decided.facility_id,
    cast(
        [] as struct(code varchar, family varchar, points integer, cents bigint)[]
    ) as reasons,
    cast([] as varchar[]) as reasons_truncated
from decided
