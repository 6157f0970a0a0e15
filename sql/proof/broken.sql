-- One row per pair of neighbours in a chain, in one segment, of which the better ends lower after expected
-- loss; or, where only paying down is between them, of which it alone is cut by then. But for paying down the
-- floor counts, at what is owed, which is also all that a frozen line can use.
with ended as (
    select
        chain_link.property,
        chain_link.chain,
        chain_link.place,
        chain_link.facility_id,
        decisions.segment,
        decisions.limit_cents,
        case
            when chain_link.property = 'paying_down' then decisions.after_expected_loss_cents
            when decisions.action = 'freeze' then least(decisions.limit_cents, decisions.owed_cents)
            else
                greatest(
                    decisions.after_expected_loss_cents, least(decisions.limit_cents, decisions.owed_cents)
                )
        end as kept_cents
    from chain_link
    inner join decisions on chain_link.facility_id = decisions.facility_id
),

neighbour as (
    select
        ended.*,
        lag(ended.facility_id) over (
            partition by ended.property, ended.chain, ended.segment order by ended.place, ended.facility_id
        ) as worse_facility_id,
        lag(ended.kept_cents) over (
            partition by ended.property, ended.chain, ended.segment order by ended.place, ended.facility_id
        ) as worse_kept_cents
    from ended
)

select
    neighbour.property,
    neighbour.segment,
    neighbour.worse_facility_id,
    neighbour.facility_id,
    neighbour.worse_kept_cents,
    neighbour.kept_cents
from neighbour
where
    neighbour.kept_cents < neighbour.worse_kept_cents
    and (
        neighbour.property <> 'paying_down'
        or (
            neighbour.worse_kept_cents >= neighbour.limit_cents
            and neighbour.kept_cents < neighbour.limit_cents
        )
    )
order by neighbour.property, neighbour.segment, neighbour.chain, neighbour.place
