-- One row per promise that stood before tonight, and how it stands now; and one per promise that tonight
-- makes. Kept: the line was set to the limit, or the borrower did not take up what was offered. Broken: by
-- the borrower, or by a condition that the letter named. Barred: by law. Extended: what would tell is
-- missing, or the line waits for others than the borrower. Ended: the line is closed, or another's. A promise
-- that is not due stays live, one that is offered waits for the borrower's word.
with found as (
    select
        past_promise.*,
        night.as_of,
        promise_now.is_due,
        promise_now.broken_because,
        promise_now.is_missing,
        stg_facility.status = 'closed' as is_closed,
        stg_facility.borrower_id <> past_promise.borrower_id as is_anothers,
        decisions.facility_id is not null as is_decided,
        decisions.committed_limit_cents >= past_promise.limit_cents as is_set,
        decisions.proposed_limit_cents >= past_promise.limit_cents as is_reached,
        decisions.action = 'offer' or decisions.hold_because = 'offer_open' as is_with_borrower,
        decisions.route = 'referred' as is_asked,
        decisions.gate_row in (
            'in_flight', 'frozen', 'quarantined', 'treatment', 'policy_rule', 'arrears_unknown', 'unscored',
            'identity_unknown'
        ) as waits,
        decisions.gate_row,
        decisions.regulation_row is not null or decisions.gate_row in (
            'law_forbids_rise', 'persistent_debt', 'debt_over_legal_limit', 'identity_unverified'
        ) as is_law,
        case
            when decisions.after_relationship_cents < past_promise.limit_cents
                then coalesce(decisions.gate_row, 'relationship')
            when decisions.after_affordability_cents < past_promise.limit_cents then 'affordability'
            when decisions.after_expected_loss_cents < past_promise.limit_cents then 'expected_loss'
            when decisions.after_stability_cents < past_promise.limit_cents then 'stability'
            when decisions.after_exposure_cents < past_promise.limit_cents then 'exposure'
            else coalesce(decisions.hold_because, decisions.binding_step)
        end as condition_missed
    from past_promise
    cross join night
    inner join promise_now on past_promise.facility_id = promise_now.facility_id
    left join decisions on past_promise.facility_id = decisions.facility_id
    left join stg_facility on past_promise.facility_id = stg_facility.facility_id
),

judged as (
    select
        found.*,
        case
            when coalesce(found.is_closed, false) or coalesce(found.is_anothers, false) then 'ended'
            when found.as_of > found.made_on + 800 then 'ended'
            when coalesce(found.is_set and found.is_due, false) then 'kept'
            when found.is_offered and found.as_of > found.due_on + 60 then 'kept'
            when found.broken_because is not null then 'broken'
            when not found.is_due then 'live'
            when found.is_missing or not found.is_decided then 'extended'
            when found.is_offered then 'offered'
            when found.waits then 'extended'
            when found.is_reached and found.is_asked then 'extended'
            when found.is_reached and found.is_with_borrower then 'offered'
            when coalesce(found.is_law, false) then 'barred'
            else 'broken'
        end as state
    from found
)

select
    judged.promise_id,
    judged.facility_id,
    judged.borrower_id,
    judged.made_on,
    judged.code,
    judged.amount_cents,
    judged.pay_on,
    judged.by_on,
    judged.drawn_cents,
    case
        when judged.state = 'extended' then cast(judged.as_of + to_months(1) as date) else judged.due_on
    end as due_on,
    judged.limit_cents,
    judged.state,
    case judged.state
        when 'broken' then coalesce(judged.broken_because, judged.condition_missed)
        when 'barred' then 'regulation'
        when 'kept' then case when coalesce(judged.is_set, false) then 'set' else 'offered' end
        when 'ended'
            then
                case
                    when coalesce(judged.is_closed, false) then 'closed'
                    when coalesce(judged.is_anothers, false) then 'anothers'
                    else 'missing'
                end
        when 'extended'
            then
                case
                    when judged.is_missing or not judged.is_decided then 'missing'
                    when judged.waits then judged.gate_row
                    else 'referred'
                end
    end as because
from judged
union all
select
    promise_made.promise_id,
    promise_made.facility_id,
    promise_made.borrower_id,
    promise_made.made_on,
    promise_made.code,
    promise_made.amount_cents,
    promise_made.pay_on,
    promise_made.by_on,
    promise_made.drawn_cents,
    promise_made.due_on,
    promise_made.limit_cents,
    'made' as state,
    cast(null as varchar) as because
from promise_made
order by facility_id, made_on, promise_id
