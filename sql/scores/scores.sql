-- One row per borrower in a feature table: score (hundredths of a point), PD, and the share of the
-- card's characteristics that are unknown, rounded up; an optional one counts in it only where it is known.
-- Beside them the points of conduct alone.
-- A score is the base, plus the points of the unknown attribute for every characteristic, plus what each
-- known value gains over that. A value v is in the bin with value_from <= v < value_below. A score below
-- the first step of the PD table has that step's PD.
with known as (
    select
        'consumer' as subject,
        borrower_id,
        characteristic,
        value
    from (unpivot features_consumer on columns(* exclude (borrower_id)) into name characteristic value value)
    union all
    select
        'enterprise' as subject,
        borrower_id,
        characteristic,
        value
    from
        (unpivot features_enterprise on columns(* exclude (borrower_id)) into name characteristic value value)
),

unknown as (
    select
        scorecard,
        characteristic,
        points,
        coalesce(is_optional, false) as is_optional,
        driver = 'conduct' as is_conduct
    from scorecard_bin
    where is_unknown
),

card as (
    select
        scorecard_base.subject,
        scorecard_base.scorecard,
        count(*) filter (where not unknown.is_optional) as characteristics,
        cast(scorecard_base.base_points + sum(unknown.points) as bigint) as points_if_unknown,
        cast(coalesce(sum(unknown.points) filter (where unknown.is_conduct), 0) as bigint)
            as conduct_if_unknown
    from scorecard_base
    inner join unknown using (scorecard)
    group by scorecard_base.subject, scorecard_base.scorecard, scorecard_base.base_points
),

bin as (
    select
        card.subject,
        scorecard_bin.characteristic,
        coalesce(scorecard_bin.value_from, -9223372036854775808) as value_from,
        coalesce(scorecard_bin.value_below - 1, 9223372036854775807) as value_to,
        scorecard_bin.points - unknown.points as gain,
        unknown.is_optional,
        unknown.is_conduct
    from scorecard_bin
    inner join card using (scorecard)
    inner join unknown using (scorecard, characteristic)
    where not scorecard_bin.is_unknown
),

gained as (
    select
        known.borrower_id,
        count(*) as known_characteristics,
        count(*) filter (where bin.is_optional) as known_optional,
        cast(sum(bin.gain) as bigint) as gain,
        cast(sum(bin.gain) filter (where bin.is_conduct) as bigint) as conduct_gain
    from known
    inner join bin
        on
            known.subject = bin.subject
            and known.characteristic = bin.characteristic
            and known.value between bin.value_from and bin.value_to
    group by known.borrower_id
),

borrowers as (
    select
        borrower_id,
        'consumer' as subject
    from features_consumer
    union all
    select
        borrower_id,
        'enterprise' as subject
    from features_enterprise
),

scored as (
    select
        borrowers.borrower_id,
        card.scorecard,
        card.points_if_unknown + coalesce(gained.gain, 0) as score,
        card.conduct_if_unknown + coalesce(gained.conduct_gain, 0) as conduct_points,
        card.characteristics + coalesce(gained.known_optional, 0) as characteristics,
        card.characteristics + coalesce(gained.known_optional, 0)
        - coalesce(gained.known_characteristics, 0) as unknown_characteristics
    from borrowers
    inner join card using (subject)
    left join gained using (borrower_id)
),

pd_step as (
    select
        scorecard,
        pd_bp,
        case
            when row_number() over (partition by scorecard order by score_from) = 1 then -9223372036854775808
            else score_from::bigint
        end as score_from,
        lead(score_from::bigint, 1, 9223372036854775807)
            over (partition by scorecard order by score_from)
            as score_below
    from scorecard_pd
)

select
    scored.borrower_id,
    scored.scorecard,
    cast(scored.score as integer) as score,
    pd_step.pd_bp,
    cast(
        coalesce(
            (scored.unknown_characteristics * 10000 + scored.characteristics - 1)
            // nullif(scored.characteristics, 0), 10000
        ) as integer
    ) as unknown_share_bp,
    scored.conduct_points
from scored
inner join pd_step
    on
        scored.scorecard = pd_step.scorecard
        and scored.score >= pd_step.score_from
        and scored.score < pd_step.score_below
order by scored.borrower_id
