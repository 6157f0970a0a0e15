-- One row per line that is told of a cut: what would help, or why nothing is advised.
select
    advice.facility_id,
    advice.standing,
    advice.code,
    advice.amount_cents,
    advice.by_on,
    advice.counts_on,
    advice.limit_cents
from advice
order by advice.facility_id
