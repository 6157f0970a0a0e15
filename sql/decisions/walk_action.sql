-- One row per line: what is done with it, and, where nothing is, the first reason why not. A rate falls by
-- policy, and to what the law allows on any night; never does it rise.
with consented as (
    select
        walk_grade.*,
        walk_floor.* exclude (facility_id),
        walk_grade.law_amount_records is null
        or coalesce(walk_grade.consented_limit_cents >= walk_floor.proposed_limit_cents, false)
            as has_consent_of_law
    from walk_grade
    inner join walk_floor on walk_grade.facility_id = walk_floor.facility_id
)

select
    consented.*,
    case
        when
            consented.block is not null and consented.block_is_carried_out
            and not (consented.own_block or consented.source_block)
            then 'freeze'
        when
            consented.block is null and consented.own_block and not consented.person_block
            and consented.review_block is null and not consented.quarantined
            then 'unfreeze'
        when consented.proposed_limit_cents < consented.limit_cents then 'decrease'
        when
            consented.proposed_limit_cents > consented.limit_cents and consented.consent_given
            and consented.has_consent_of_law
            then 'increase'
        when consented.proposed_limit_cents > consented.limit_cents then 'offer'
        else 'hold'
    end as action,
    case
        when consented.proposed_limit_cents <> consented.limit_cents then null
        when consented.stop = 'blocked' then consented.block
        when consented.stop is not null then consented.stop
        when consented.in_dead_band then 'dead_band'
        when consented.wants_up and consented.no_rise is not null then consented.no_rise
        when consented.wants_up and consented.awaits_answer then 'offer_open'
        when consented.wants_up and coalesce(consented.is_cooling, false) then 'cool_off'
        when
            consented.after_relationship_cents > consented.limit_cents
            and consented.affordability_row = 'income_unknown'
            then 'income_unknown'
        when
            consented.after_relationship_cents > consented.limit_cents
            and consented.affordability_row is not null
            then 'affordability'
        when consented.misses_hurdle then 'hurdle'
        when
            consented.after_affordability_cents > consented.limit_cents
            and coalesce(consented.is_beyond, false)
            then 'expected_loss'
        when consented.after_stability_cents > consented.limit_cents and consented.exposure_row is not null
            then 'exposure'
        when
            consented.after_stability_cents > consented.limit_cents
            and consented.regulation_row is not null
            then 'regulation'
        when consented.cuts and consented.cut_is_cooling then 'cool_off'
        when consented.floor_row is not null then 'floor_owed'
        when consented.cuts and consented.stability_row = 'utilisation_after_cut' then 'floor_owed'
        else 'no_change'
    end as hold_because,
    case
        when consented.rate_bp is null then null
        when
            consented.moves and consented.is_long_good and contains(consented.rel_grades, consented.grade)
            and consented.rate_bp > consented.rel_rate_cap_bp
            and consented.borrower_dpd = 0 and consented.arrears_known
            and not coalesce(consented.in_hardship, false)
            and not consented.recommend_only
            then least(consented.rel_rate_cap_bp, consented.law_rate_bp)
        else least(consented.rate_bp, consented.law_rate_bp)
    end as proposed_rate_bp,
    case
        when not consented.recommend_only then null
        when
            consented.block is not null or consented.draw_stop
            or (consented.covenant_breached and pol_commitment.draw_stop_on_covenant)
            or list_contains(pol_commitment.draw_stop_slots, consented.slot)
            then 'draw_stop'
        when consented.proposed_limit_cents < consented.limit_cents then 'reduce_undrawn'
        else 'hold'
    end as recommendation,
    consented.recommend_only
    and (
        consented.moves
        or (
            (
                consented.block is not null or consented.in_default
                or coalesce(consented.slot = 'default', false)
            )
            and not consented.own_block and not consented.source_block
        )
    ) as asks_committee
from consented
cross join pol_commitment
