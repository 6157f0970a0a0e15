-- One row per pair of companies under one control: one holds at least half of the other, one is the other's
-- branch, or somebody who is no borrower here, a person or another company, holds at least half of both;
-- those are tied to the first of them. The weight of a holding is capital, its share is of the capital
-- registered, rounded down.
with holding as (
    select
        source_edge.src as holder,
        source_edge.dst as held,
        max(least(10000, source_edge.edge_weight * 10000 // source_company.register_capital)) as share_bp
    from source_edge
    inner join source_company on source_edge.dst = source_company.company_index
    where source_edge.edge_type in (6, 8) and source_company.register_capital > 0
    group by source_edge.src, source_edge.dst
    having share_bp >= 5000
),

outside as (
    select
        holding.holder,
        holding.held,
        min(holding.held) over (partition by holding.holder) as first_held
    from holding
    anti join source_company on holding.holder = source_company.company_index
),

link as (
    select
        holding.holder as one,
        holding.held as other,
        'parent' as kind,
        holding.share_bp
    from holding
    semi join source_company on holding.holder = source_company.company_index
    union all
    select
        source_edge.src as one,
        source_edge.dst as other,
        'parent' as kind,
        10000 as share_bp
    from source_edge
    where source_edge.edge_type = 10
    union all
    select
        outside.first_held as one,
        outside.held as other,
        'controller' as kind,
        null as share_bp
    from outside
    where outside.held > outside.first_held
)

select
    printf('SMESD-%04d', one) as borrower_id,
    printf('SMESD-%04d', other) as related_borrower_id,
    kind,
    cast(max(share_bp) as integer) as share_bp,
    date '2014-01-01' as valid_from
from link
where one <> other
group by one, other, kind
order by borrower_id, related_borrower_id, kind
