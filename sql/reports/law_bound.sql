-- One row per record of law that bound a line, and currency: lines, borrowers, and what the lines' limits
-- would be more without the law. A line under several records counts in each.
with named as (
    select
        decisions.*,
        unnest(list_distinct(list_concat(
            decisions.law_records,
            case when decisions.regulation_row is not null then [decisions.regulation_row] end
        ))) as record_id
    from decisions
)

select
    named.record_id,
    named.currency,
    count(*) as lines,
    count(distinct named.borrower_id) as borrowers,
    cast(sum(greatest(named.without_regulation_cents - named.proposed_limit_cents, 0)) as bigint)
        as withheld_cents
from named
group by named.record_id, named.currency
order by named.record_id, named.currency
