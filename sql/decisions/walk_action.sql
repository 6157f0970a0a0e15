-- One row per line: what is done with it, and, where nothing is, the first reason why not.
select
    walk_floor.*,
    case
        when
            walk_floor.block is not null and not (walk_floor.own_block or walk_floor.source_block)
            then 'freeze'
        when walk_floor.block is null and walk_floor.own_block and not walk_floor.quarantined then 'unfreeze'
        when walk_floor.proposed_limit_cents < walk_floor.limit_cents then 'decrease'
        when
            walk_floor.proposed_limit_cents > walk_floor.limit_cents and walk_floor.consent_given
            then 'increase'
        when walk_floor.proposed_limit_cents > walk_floor.limit_cents then 'offer'
        else 'hold'
    end as action,
    case
        when walk_floor.proposed_limit_cents <> walk_floor.limit_cents then null
        when walk_floor.stop = 'blocked' then walk_floor.block
        when walk_floor.stop is not null then walk_floor.stop
        when walk_floor.in_dead_band then 'dead_band'
        when walk_floor.wants_up and walk_floor.no_rise is not null then walk_floor.no_rise
        when walk_floor.wants_up and walk_floor.awaits_answer then 'offer_open'
        when walk_floor.wants_up and coalesce(walk_floor.is_cooling, false) then 'cool_off'
        when
            walk_floor.after_relationship_cents > walk_floor.limit_cents
            and walk_floor.affordability_row = 'income_unknown'
            then 'income_unknown'
        when
            walk_floor.after_relationship_cents > walk_floor.limit_cents
            and walk_floor.affordability_row is not null
            then 'affordability'
        when walk_floor.misses_hurdle then 'hurdle'
        when
            walk_floor.after_affordability_cents > walk_floor.limit_cents
            and coalesce(walk_floor.is_beyond, false)
            then 'expected_loss'
        when walk_floor.after_stability_cents > walk_floor.limit_cents and walk_floor.exposure_row is not null
            then 'exposure'
        when
            walk_floor.after_stability_cents > walk_floor.limit_cents
            and walk_floor.regulation_row is not null
            then 'regulation'
        when walk_floor.cuts and walk_floor.cut_is_cooling then 'cool_off'
        when walk_floor.floor_row is not null then 'floor_owed'
        when walk_floor.cuts and walk_floor.stability_row = 'utilisation_after_cut' then 'floor_owed'
        else 'no_change'
    end as hold_because,
    case
        when
            walk_floor.moves and walk_floor.is_long_good and contains(walk_floor.rel_grades, walk_floor.grade)
            and walk_floor.rate_bp > walk_floor.rel_rate_cap_bp
            and walk_floor.borrower_dpd = 0 and walk_floor.arrears_known
            and not coalesce(walk_floor.in_hardship, false)
            and not coalesce(walk_floor.is_committed, false) and walk_floor.product <> 'project'
            then walk_floor.rel_rate_cap_bp
        else walk_floor.rate_bp
    end as proposed_rate_bp
from walk_floor
