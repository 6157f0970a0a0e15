-- One row per score that borrowers with a known outcome have: how many did well, how many badly, and how
-- many of each have a higher score. Ranks with ties need no more.
with counted as (
    select
        scores.score,
        scores.pd_bp,
        count(*) filter (where not check_outcome.defaulted) as good,
        count(*) filter (where check_outcome.defaulted) as bad
    from scores
    inner join check_outcome using (borrower_id)
    group by scores.score, scores.pd_bp
)

select
    score,
    pd_bp,
    good,
    bad,
    cast(sum(good) over (order by score desc) as bigint) - good as good_above,
    cast(sum(bad) over (order by score desc) as bigint) - bad as bad_above,
    cast(sum(good + bad) over (order by score) as bigint) - good - bad as below
from counted
order by score
