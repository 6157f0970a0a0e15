-- Three rows per line with covers: the exposure of what is owed (point 1), of the limit that stands (2) and
-- of the limit asked for (3).
select
    walk_ead.facility_id,
    cast(point.point as integer) as point,
    point.ead_cents,
    walk_ead.own_loss_rate_e8,
    walk_ead.covers
from walk_ead,
    unnest([
        walk_ead.owed_cents, walk_ead.standing_ead_cents, walk_ead.asked_ead_cents
    ]) with ordinality as point (ead_cents, point)
where len(walk_ead.covers) > 0
