-- One row per borrower in wanted_borrower and characteristic of their scorecard: the value (null if
-- unknown), its attribute and points (hundredths), and the shortfall to the reference points (below zero:
-- better than they).
with consumer as (
    select features_consumer.*
    from features_consumer
    inner join wanted_borrower using (borrower_id)
),

enterprise as (
    select features_enterprise.*
    from features_enterprise
    inner join wanted_borrower using (borrower_id)
),

known as (
    select
        'consumer' as subject,
        *
    from consumer
    unpivot include nulls (value for characteristic in (columns(* exclude (borrower_id))))
    union all
    select
        'enterprise' as subject,
        *
    from enterprise
    unpivot include nulls (value for characteristic in (columns(* exclude (borrower_id))))
)

select
    known.borrower_id,
    scorecard_bin.scorecard,
    scorecard_bin.characteristic,
    scorecard_bin.family,
    scorecard_bin.driver,
    known.value,
    scorecard_bin.attribute,
    scorecard_bin.points,
    scorecard_bin.reference_points,
    scorecard_bin.reference_points - scorecard_bin.points as shortfall
from known
inner join scorecard_base using (subject)
inner join scorecard_bin
    on
        scorecard_base.scorecard = scorecard_bin.scorecard
        and known.characteristic = scorecard_bin.characteristic
        and (known.value is null) = scorecard_bin.is_unknown
        and coalesce(known.value >= scorecard_bin.value_from, true)
        and coalesce(known.value < scorecard_bin.value_below, true)
order by known.borrower_id, scorecard_bin.scorecard, scorecard_bin.characteristic
