-- One row per line: the matrix's target, as a share of the anchor limit, for grade or slot and utilisation.
-- What is used is measured against the limit before our own cuts, which move nobody into a worse band.
-- A decrease cell fires once: on entry into a worse cell, on a new adverse event, or while a staged cut
-- is under way; never on a grade that the score has left behind, where its own grade would keep the
-- limit. An increase cell fires once per cool-off.
with used as (
    select
        walk_gate.*,
        coalesce(walk_gate.slot, walk_gate.grade) as rating,
        greatest(walk_gate.anchor_limit_cents, walk_gate.past_band_limit_cents) as band_limit_cents,
        case
            when walk_gate.statements_3m > 0 and band_limit_cents + walk_gate.temporary_cents > 0 then
                cast(
                    quotient(
                        cast(walk_gate.balance_3m_cents // walk_gate.statements_3m as hugeint) * 10000,
                        band_limit_cents + walk_gate.temporary_cents
                    ) as bigint
                )
        end as utilisation_bp
    from walk_gate
),

-- Of each segment, so that the join below has equal keys: for bounds alone DuckDB sorts all lines.
segment as (
    select pol_segment.segment
    from pol_segment
    union all
    select null
),

segment_band as (
    select
        segment.segment,
        pol_utilisation_band.*
    from segment
    cross join pol_utilisation_band
),

celled as (
    select
        used.*,
        segment_band.band as utilisation_band,
        case
            when
                used.months_unused >= used.unused_months and used.months_known >= used.unused_months
                and used.drawn_cents <= 0 and used.unused_target_bp < coalesce(pol_strategy.target_bp, 10000)
                then 'long_unused'
            when pol_strategy.target_bp is not null
                then used.segment || '.' || used.rating || '.' || segment_band.band
        end as cell,
        case
            when
                used.months_unused >= used.unused_months and used.months_known >= used.unused_months
                and used.drawn_cents <= 0
                then least(used.unused_target_bp, coalesce(pol_strategy.target_bp, 10000))
            else coalesce(pol_strategy.target_bp, 10000)
        end as target_bp,
        coalesce(of_score.target_bp, 10000) as score_target_bp
    from used
    left join
        segment_band
        on
            used.segment is not distinct from segment_band.segment
            and used.utilisation_bp >= segment_band.from_bp
            and (segment_band.below_bp is null or used.utilisation_bp < segment_band.below_bp)
    left join
        pol_strategy
        on
            used.segment = pol_strategy.segment
            and used.rating = pol_strategy.rating
            and segment_band.band = pol_strategy.band
    left join
        pol_strategy as of_score
        on
            used.segment = of_score.segment
            and coalesce(used.slot, used.raw_grade) = of_score.rating
            and segment_band.band = of_score.band
),

aimed as (
    select
        celled.*,
        cast(quotient(cast(celled.anchor_limit_cents as hugeint) * celled.target_bp, 10000) as bigint)
            as target_cents,
        celled.moves and switches.strategy and celled.target_bp < 10000
        and (celled.score_target_bp < 10000 or celled.cell = 'long_unused')
        and (
            celled.past_plan_open
            or celled.past_fired_target_bp is null
            or celled.target_bp < celled.past_fired_target_bp
            or celled.adverse_event
        ) as fires_down,
        celled.moves and switches.strategy and celled.target_bp > 10000 as wants_up,
        celled.last_change_on + to_months(celled.stab_cool_off_up_months) > celled.as_of
        or (
            not celled.consent_given
            and celled.offered_on + to_months(celled.stab_cool_off_up_months) > celled.as_of
        ) as is_cooling,
        coalesce(celled.offer_stands, false) and not celled.consent_given as awaits_answer
    from celled
    inner join switches on celled.variant = switches.variant
),

risen as (
    select
        aimed.*,
        aimed.wants_up and aimed.no_rise is null and not aimed.awaits_answer
        and not coalesce(aimed.is_cooling, false) as fires_up
    from aimed
)

select
    risen.*,
    case
        when risen.fires_down then least(risen.after_gate_cents, risen.target_cents)
        when risen.fires_up then greatest(risen.after_gate_cents, risen.target_cents)
        else risen.after_gate_cents
    end as after_strategy_cents,
    case when risen.moves then risen.cell end as strategy_row,
    case when risen.moves then risen.target_bp end as strategy_value
from risen
