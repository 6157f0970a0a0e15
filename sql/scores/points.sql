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

borrowers as (
    select
        borrower_id,
        'consumer' as subject
    from consumer
    union all
    select
        borrower_id,
        'enterprise' as subject
    from enterprise
),

known as (
    select *
    from (unpivot consumer on columns(* exclude (borrower_id)) into name characteristic value value)
    union all
    select *
    from (unpivot enterprise on columns(* exclude (borrower_id)) into name characteristic value value)
)

select
    borrowers.borrower_id,
    scorecard_bin.scorecard,
    scorecard_bin.characteristic,
    scorecard_bin.family,
    scorecard_bin.driver,
    known.value,
    scorecard_bin.attribute,
    scorecard_bin.points,
    scorecard_bin.reference_points,
    scorecard_bin.reference_points - scorecard_bin.points as shortfall
from borrowers
inner join scorecard_base using (subject)
inner join scorecard_bin using (scorecard)
left join known
    on borrowers.borrower_id = known.borrower_id and scorecard_bin.characteristic = known.characteristic
where
    case
        when known.value is null then scorecard_bin.is_unknown
        else
            not scorecard_bin.is_unknown
            and known.value >= coalesce(scorecard_bin.value_from, -9223372036854775808)
            and known.value <= coalesce(scorecard_bin.value_below - 1, 9223372036854775807)
    end
order by borrowers.borrower_id, scorecard_bin.scorecard, scorecard_bin.characteristic
