-- One row per promise that stood before tonight, and how it stands now; and one per promise that tonight
-- makes. Kept: the line was set to the limit, or is offered it. Broken: by the borrower, or by a condition
-- that the letter named. Barred: by law. Extended: what would tell is missing, or the line waits for others
-- than the borrower. A promise that is not due stays live.
with found as (
    select
        past_promise.*,
        promise_now.is_due,
        promise_now.broken_because,
        promise_now.is_missing,
        decisions.facility_id is not null as is_decided,
        greatest(
            decisions.committed_limit_cents,
            case
                when decisions.action = 'offer' and decisions.route = 'automatic'
                    then decisions.proposed_limit_cents
            end
        ) >= past_promise.limit_cents as is_reached,
        decisions.action = 'offer' as is_offered,
        decisions.route = 'referred' and decisions.proposed_limit_cents >= past_promise.limit_cents
            as is_asked,
        decisions.hold_because,
        case
            when decisions.after_relationship_cents < past_promise.limit_cents
                then coalesce(decisions.hold_because, 'relationship')
            when decisions.after_affordability_cents < past_promise.limit_cents then 'affordability'
            when decisions.after_expected_loss_cents < past_promise.limit_cents then 'expected_loss'
            when decisions.after_exposure_cents < past_promise.limit_cents then 'exposure'
            else coalesce(decisions.hold_because, decisions.binding_step)
        end as condition_missed,
        decisions.regulation_row is not null or decisions.hold_because in ('regulation', 'law_forbids_rise')
            as is_law
    from past_promise
    inner join promise_now on past_promise.facility_id = promise_now.facility_id
    left join decisions on past_promise.facility_id = decisions.facility_id
),

judged as (
    select
        found.*,
        case
            when found.broken_because is not null then 'broken'
            when not found.is_due then 'live'
            when found.is_missing or not found.is_decided then 'extended'
            when found.is_reached then 'kept'
            when found.is_law then 'barred'
            when found.is_asked or found.hold_because in ('in_flight', 'frozen', 'quarantined', 'treatment')
                then 'extended'
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
    judged.drawn_cents,
    case
        when judged.state = 'extended' then cast(night.as_of + to_months(1) as date) else judged.due_on
    end as due_on,
    judged.limit_cents,
    judged.state,
    case judged.state
        when 'broken' then coalesce(judged.broken_because, judged.condition_missed)
        when 'barred' then 'regulation'
        when 'kept' then case when judged.is_offered then 'offered' else 'set' end
        when 'extended'
            then
                case
                    when judged.is_missing or not judged.is_decided then 'missing'
                    when judged.is_asked then 'referred'
                    else judged.hold_because
                end
    end as because
from judged
cross join night
union all
select
    promise_made.promise_id,
    promise_made.facility_id,
    promise_made.borrower_id,
    promise_made.made_on,
    promise_made.code,
    promise_made.amount_cents,
    promise_made.pay_on,
    promise_made.drawn_cents,
    promise_made.due_on,
    promise_made.limit_cents,
    'made' as state,
    cast(null as varchar) as because
from promise_made
order by facility_id, made_on, promise_id
