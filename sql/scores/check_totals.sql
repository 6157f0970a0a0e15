-- One row: the sums that AUC, KS and Brier are fractions of, in whole numbers.
-- auc = auc_halves over 2 good bad: of every pair of a good and a bad borrower, two halves where the good
-- one scores higher, one where they tie. ks = ks_most over good bad. brier = brier_bp2 over 10^8 borrowers.
with totals as (
    select
        cast(sum(good) as bigint) as good,
        cast(sum(bad) as bigint) as bad
    from check_scores
)

select
    totals.good,
    totals.bad,
    cast(sum(check_scores.bad * (2 * check_scores.good_above + check_scores.good)) as bigint) as auc_halves,
    max(
        abs(
            (check_scores.bad_above + check_scores.bad) * totals.good
            - (check_scores.good_above + check_scores.good) * totals.bad
        )
    ) as ks_most,
    cast(
        sum(
            check_scores.good * check_scores.pd_bp * check_scores.pd_bp
            + check_scores.bad * (10000 - check_scores.pd_bp) * (10000 - check_scores.pd_bp)
        ) as bigint
    ) as brier_bp2,
    cast(sum((check_scores.good + check_scores.bad) * check_scores.pd_bp) as bigint) as pd_bp_sum
from check_scores
cross join totals
group by totals.good, totals.bad
