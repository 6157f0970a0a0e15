-- One row per pair of neighbours in a chain, in one segment: what the worse and the better keep after
-- expected loss. The floor counts, at what is owed, which is also all that a frozen line can use, unless it
-- is frozen only while people are asked; but for paying down, where only lines with anything undrawn are
-- compared, and a cut alone counts.
with ended as (
    select
        chain_link.property,
        chain_link.chain,
        chain_link.place,
        chain_link.facility_id,
        decisions.segment,
        case
            when chain_link.property = 'paying_down'
                then least(decisions.after_expected_loss_cents, decisions.limit_cents)
            when decisions.action = 'freeze' and decisions.review_block is null
                then least(decisions.limit_cents, decisions.owed_cents)
            else
                greatest(
                    decisions.after_expected_loss_cents, least(decisions.limit_cents, decisions.owed_cents)
                )
        end as kept_cents,
        decisions.after_expected_loss_cents < decisions.limit_cents as is_cut
    from chain_link
    inner join decisions on chain_link.facility_id = decisions.facility_id
    where chain_link.property <> 'paying_down' or decisions.drawn_cents < decisions.limit_cents
)

select
    ended.*,
    lag(ended.facility_id) over beside as worse_facility_id,
    lag(ended.kept_cents) over beside as worse_kept_cents,
    lag(ended.is_cut) over beside as worse_is_cut
from ended
window
    beside as (
        partition by ended.property, ended.chain, ended.segment order by ended.place, ended.facility_id
    )
qualify worse_facility_id is not null
