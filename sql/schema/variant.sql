-- One row per variant of the walk that is walked aside: without a step (all but this), by a step alone (this
-- only), by expected loss alone with the security that lapsed, or lawless (no record of law in force).
create table variant (
    variant utinyint not null,
    step varchar not null,
    kind varchar not null
)
