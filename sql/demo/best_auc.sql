-- One row: the share of pairs of a borrower who defaults and one who does not that the hidden factor puts
-- in the right order, in basis points, ties half. Over borrowers with nothing past due on the night: of
-- them no score can know more than the factor does. Rounded down.
with performing as (
    select
        n,
        max(risk) as risk,
        coalesce(bool_or(trouble_from + 90 <= cast($as_of as date) + 365), false) as defaulted
    from standing
    where closed_on > $as_of or closed_on is null
    group by n
    having bool_and(behind_from[-1] is null)
),

counted as (
    select risk, count(*) filter (where defaulted) as bad, count(*) filter (where not defaulted) as good
    from performing
    group by risk
),

ranked as (
    select bad, good, cast(sum(good) over (order by risk) as bigint) - good as good_below
    from counted
)

select
    cast(sum(bad * (2 * good_below + good)) * 5000 // nullif(sum(bad)::hugeint * sum(good), 0) as bigint)
        as auc_bp,
    cast(sum(bad) as bigint) as bad,
    cast(sum(good) as bigint) as good
from ranked
