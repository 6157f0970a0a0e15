-- One row per line: the rate at which it loses, its covers, and the exposure at default of the limit that
-- stands and of the one asked for.
select
    walk_affordability.*,
    line_risk.own_loss_rate_e8,
    line_risk.covers,
    walk_affordability.owed_cents + cast(quotient(cast(greatest(
        walk_affordability.limit_cents - greatest(walk_affordability.drawn_cents, 0), 0
    ) as hugeint)
    * walk_affordability.el_ccf_bp + 9999, 10000) as bigint) as standing_ead_cents,
    walk_affordability.owed_cents + cast(quotient(cast(greatest(
        walk_affordability.after_affordability_cents - greatest(walk_affordability.drawn_cents, 0), 0
    ) as hugeint)
    * walk_affordability.el_ccf_bp + 9999, 10000) as bigint) as asked_ead_cents
from walk_affordability
left join line_risk on walk_affordability.facility_id = line_risk.facility_id
