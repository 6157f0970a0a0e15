-- One row per line that people decided: where it would end tonight, and what keeps it from what they ask, if
-- anything does. A freeze waits for no cap; a line that people decide alone needs no walk to let it rise, but
-- what the law says of a rise, and how far the borrower's word goes, holds for people too. A block that stood
-- only while they were asked ends here where no other limit is asked for, so that the letter can tell it;
-- else the next walk lifts it, with a letter of its own. One that people want to stay is told anew: it is now
-- a decision.
with tried as (
    select
        asked_line.*,
        walk_action.after_exposure_cents,
        walk_action.after_regulation_cents,
        walk_action.after_floor_cents,
        case
            when asked_line.asked_limit_cents <> asked_line.standing_limit_cents and walk_action.quarantined
                then 'quarantined'
            when asked_line.asked_limit_cents > asked_line.standing_limit_cents
                then coalesce(
                    walk_action.block,
                    nullif(walk_action.no_rise, 'committed'),
                    case when walk_action.law_forbids_rise then 'law_forbids_rise' end,
                    case
                        when asked_line.asked_limit_cents <= walk_action.rise_ceiling_cents then null
                        when
                            walk_action.consent_given
                            and walk_action.consented_limit_cents = walk_action.rise_ceiling_cents
                            then 'consented_amount'
                        when walk_action.rise_ceiling_cents is not null then 'customer_decrease'
                    end
                )
        end as stopped_by,
        walk_action.exposure_row,
        walk_action.exposure_value,
        walk_action.regulation_row,
        walk_action.regulation_value,
        walk_action.floor_row,
        walk_action.rise_ceiling_cents,
        walk_action.owed_cents,
        walk_action.drawn_cents,
        walk_action.rate_ppm,
        walk_action.source_block,
        walk_action.block is not null as is_blocked,
        walk_action.consent_given and walk_action.has_consent_of_law as has_consent,
        walk_action.notice_days,
        walk_action.law_notice_days,
        walk_action.law_deadline_days,
        walk_action.offer_days
    from asked_line
    inner join walk_action on asked_line.facility_id = walk_action.facility_id
),

bound as (
    select
        tried.*,
        case
            when tried.outcome = 'freeze' then null
            when tried.stopped_by is not null then tried.stopped_by
            when tried.after_floor_cents = tried.asked_limit_cents then null
            when tried.after_exposure_cents <> tried.asked_limit_cents then tried.exposure_row
            when tried.after_regulation_cents <> tried.asked_limit_cents then tried.regulation_row
            else tried.floor_row
        end as bound_by,
        case
            when tried.outcome = 'freeze' then null
            when tried.stopped_by in ('consented_amount', 'customer_decrease')
                then nullif(
                    greatest(tried.rise_ceiling_cents, tried.standing_limit_cents), tried.standing_limit_cents
                )
            when tried.stopped_by is not null then null
            when tried.after_floor_cents <> tried.asked_limit_cents then tried.after_floor_cents
        end as ends_at_cents,
        tried.standing_review_block and not tried.asks_block and not tried.is_blocked
        and tried.asked_limit_cents = tried.standing_limit_cents as ends_review_block
    from tried
)

select
    bound.*,
    case
        when bound.asked_limit_cents > bound.standing_limit_cents and not bound.has_consent
            then bound.standing_limit_cents
        else bound.asked_limit_cents
    end as new_limit_cents,
    bound.asks_block
    or (bound.standing_own_block and not bound.standing_person_block and not bound.ends_review_block)
        as new_own_block,
    bound.source_block and not bound.standing_own_block as others_block,
    case
        when bound.asked_limit_cents < bound.standing_limit_cents then 'decrease'
        when bound.asked_limit_cents > bound.standing_limit_cents and bound.has_consent then 'increase'
        when bound.asked_limit_cents > bound.standing_limit_cents then 'offer'
        when bound.asks_block and (bound.standing_review_block or not bound.standing_own_block) then 'freeze'
        when (bound.standing_person_block and not bound.asks_block) or bound.ends_review_block then 'unfreeze'
        when bound.new_rate_bp < bound.standing_rate_bp then 'rate'
        else 'hold'
    end as action,
    cast(quotient(
        cast(abs(bound.asked_limit_cents - bound.standing_limit_cents) as hugeint) * bound.rate_ppm, 1000000
    ) as bigint) as moved_rep_cents
from bound
order by bound.facility_id
