-- One row per currency: its limits now, as they stand after tonight's own changes, and if every proposal and
-- offer were followed, and how many borrowers each of the two moves. Sums of one currency alone.
with moved as (
    select
        decisions.currency,
        decisions.borrower_id,
        decisions.limit_cents,
        decisions.proposed_limit_cents,
        decisions.owed_cents,
        case
            when decisions.route = 'automatic' and decisions.action in ('increase', 'decrease')
                then decisions.proposed_limit_cents
            else decisions.limit_cents
        end as committed_cents
    from decisions
)

select
    moved.currency,
    count(*) as lines,
    count(distinct moved.borrower_id) as borrowers,
    cast(sum(moved.limit_cents) as bigint) as limit_cents,
    cast(sum(moved.committed_cents) as bigint) as committed_cents,
    count(distinct moved.borrower_id) filter (
        where moved.committed_cents <> moved.limit_cents
    ) as committed_borrowers,
    cast(sum(moved.proposed_limit_cents) as bigint) as proposed_cents,
    count(distinct moved.borrower_id) filter (
        where moved.proposed_limit_cents <> moved.limit_cents
    ) as proposed_borrowers,
    cast(sum(moved.owed_cents) as bigint) as owed_cents
from moved
group by moved.currency
order by lines desc, moved.currency
