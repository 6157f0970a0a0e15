-- One row per currency: its limits now, as they stand after tonight's own changes, and if every proposal and
-- offer were followed. Sums of one currency alone.
select
    decisions.currency,
    count(*) as lines,
    count(distinct decisions.borrower_id) as borrowers,
    cast(sum(decisions.limit_cents) as bigint) as limit_cents,
    cast(sum(
        case
            when decisions.route = 'automatic' and decisions.action in ('increase', 'decrease')
                then decisions.proposed_limit_cents
            else decisions.limit_cents
        end
    ) as bigint) as committed_cents,
    cast(sum(decisions.proposed_limit_cents) as bigint) as proposed_cents,
    cast(sum(decisions.owed_cents) as bigint) as owed_cents
from decisions
group by decisions.currency
order by lines desc, decisions.currency
