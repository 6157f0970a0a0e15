-- One row per property: how many pairs of neighbours were compared.
with neighbour as (
    select
        chain_link.property,
        row_number() over (
            partition by chain_link.property, chain_link.chain, decisions.segment
            order by chain_link.place, chain_link.facility_id
        ) as place
    from chain_link
    inner join decisions on chain_link.facility_id = decisions.facility_id
)

select
    neighbour.property,
    count(*) filter (where neighbour.place > 1) as pairs
from neighbour
group by neighbour.property
order by neighbour.property
