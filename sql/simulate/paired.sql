-- One row per line of the night: what was decided on it, and what would be under the drafts. Amounts are in
-- the reporting currency, rounded towards zero. An offer counts as a rise, an unfreeze as a hold.
select
    now_decided.facility_id,
    now_decided.borrower_id,
    now_decided.segment,
    was_decided.grade as was_grade,
    now_decided.grade as now_grade,
    case
        when was_decided.action = 'freeze' then 'freeze'
        when was_decided.action in ('increase', 'offer') then 'up'
        when was_decided.action = 'decrease' then 'down'
        else 'hold'
    end as was_direction,
    case
        when now_decided.action = 'freeze' then 'freeze'
        when now_decided.action in ('increase', 'offer') then 'up'
        when now_decided.action = 'decrease' then 'down'
        else 'hold'
    end as now_direction,
    was_decided.route as was_route,
    now_decided.route as now_route,
    was_decided.binding_step as was_binding_step,
    now_decided.binding_step as now_binding_step,
    cast(quotient(cast(was_decided.limit_cents as hugeint) * fx_latest.rate_ppm, 1000000) as bigint)
        as limit_cents,
    cast(quotient(
        cast(was_decided.proposed_limit_cents - was_decided.limit_cents as hugeint) * fx_latest.rate_ppm,
        1000000
    ) as bigint) as was_moved_cents,
    cast(quotient(
        cast(now_decided.proposed_limit_cents - now_decided.limit_cents as hugeint) * fx_latest.rate_ppm,
        1000000
    ) as bigint) as now_moved_cents,
    check_outcome.defaulted
from main.decisions as now_decided
inner join standing.decisions as was_decided on now_decided.facility_id = was_decided.facility_id
inner join fx_latest on now_decided.currency = fx_latest.currency
left join check_outcome on now_decided.borrower_id = check_outcome.borrower_id
