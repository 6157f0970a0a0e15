-- One row per tenth of the borrowers by score, the riskiest first: the PD that the card gives and the
-- share that defaulted, both rounded down. Equal scores stay in one tenth, so tenths may be uneven.
with totals as (
    select cast(sum(good + bad) as bigint) as borrowers
    from check_scores
)

select
    check_scores.below * 10 // totals.borrowers + 1 as tenth,
    min(check_scores.score) as score_from,
    max(check_scores.score) as score_to,
    cast(sum(check_scores.good + check_scores.bad) as bigint) as borrowers,
    cast(sum(check_scores.bad) as bigint) as defaults,
    cast(
        sum((check_scores.good + check_scores.bad) * check_scores.pd_bp)
        // sum(check_scores.good + check_scores.bad) as bigint
    ) as pd_bp,
    cast(sum(check_scores.bad) * 10000 // sum(check_scores.good + check_scores.bad) as bigint) as defaulted_bp
from check_scores
cross join totals
group by tenth
order by tenth
