-- One row per scorecard and characteristic: in how many of tonight's borrowers it is known, and the mean
-- of their points (hundredths, halves toward plus infinity). The reference points of a card are these
-- means over the population on which it was approved.
with known as (
    select
        'consumer' as subject,
        characteristic,
        value,
        count(*) as borrowers
    from (unpivot features_consumer on columns(* exclude (borrower_id)) into name characteristic value value)
    group by characteristic, value
    union all
    select
        'enterprise' as subject,
        characteristic,
        value,
        count(*) as borrowers
    from
        (unpivot features_enterprise on columns(* exclude (borrower_id)) into name characteristic value value)
    group by characteristic, value
),

sums as (
    select
        scorecard_bin.scorecard,
        scorecard_bin.characteristic,
        scorecard_bin.reference_points,
        cast(sum(known.borrowers) as bigint) as borrowers,
        cast(sum(known.borrowers * scorecard_bin.points) as bigint) as points
    from known
    inner join scorecard_base using (subject)
    inner join scorecard_bin
        on
            scorecard_base.scorecard = scorecard_bin.scorecard
            and known.characteristic = scorecard_bin.characteristic
            and known.value >= coalesce(scorecard_bin.value_from, -9223372036854775808)
            and known.value <= coalesce(scorecard_bin.value_below - 1, 9223372036854775807)
    where not scorecard_bin.is_unknown
    group by scorecard_bin.scorecard, scorecard_bin.characteristic, scorecard_bin.reference_points
)

select
    scorecard,
    characteristic,
    borrowers,
    reference_points,
    case
        when 2 * points + borrowers >= 0 then (2 * points + borrowers) // (2 * borrowers)
        else -((-2 * points - borrowers + 2 * borrowers - 1) // (2 * borrowers))
    end as mean_points
from sums
order by scorecard, characteristic
