-- One row per line to which tonight promises what would help: of the segments that the policy names, without
-- another promise that stands, the largest cuts first, as long as the budget lasts. A promise counts what it
-- would add to the limit that is left.
with live as (
    select
        cast(coalesce(sum(quotient(
            cast(greatest(past_promise.limit_cents - decisions.committed_limit_cents, 0) as hugeint)
            * coalesce(fx_latest.rate_ppm, 1000000) + 999999,
            1000000
        )), 0) as bigint) as live_cents
    from past_promise
    inner join decisions on past_promise.facility_id = decisions.facility_id
    left join fx_latest on decisions.currency = fx_latest.currency
),

asked as (
    select
        advice_found.*,
        advised.borrower_id,
        advised.drawn_cents,
        cast(quotient(
            cast(greatest(advice_found.limit_cents - advised.new_limit_cents, 0) as hugeint)
            * coalesce(fx_latest.rate_ppm, 1000000) + 999999,
            1000000
        ) as bigint) as cost_cents,
        cast(quotient(
            cast(advised.old_limit_cents - advised.new_limit_cents as hugeint)
            * coalesce(fx_latest.rate_ppm, 1000000),
            1000000
        ) as bigint) as cut_cents
    from advice_found
    inner join advised on advice_found.facility_id = advised.facility_id
    inner join decisions on advice_found.facility_id = decisions.facility_id
    left join fx_latest on decisions.currency = fx_latest.currency
    where
        list_contains(cast($segments as varchar[]), decisions.segment)
        and advice_found.limit_cents > advised.new_limit_cents
        and advice_found.facility_id not in (select past_promise.facility_id from past_promise)
),

within_budget as (
    select
        asked.*,
        cast(sum(asked.cost_cents) over (
            order by asked.cut_cents desc, asked.facility_id
            rows between unbounded preceding and current row
        ) as bigint) + live.live_cents as spent_cents
    from asked
    cross join live
)

select
    substr(sha256(
        'promise|' || cast(night.as_of as varchar) || '|' || within_budget.facility_id || '|'
        || within_budget.code || '|' || coalesce(cast(within_budget.amount_cents as varchar), '') || '|'
        || cast(within_budget.counts_on as varchar) || '|' || cast(within_budget.limit_cents as varchar)
    ), 1, 32) as promise_id,
    within_budget.facility_id,
    within_budget.borrower_id,
    night.as_of as made_on,
    within_budget.code,
    within_budget.amount_cents,
    cast($pay_on as date) as pay_on,
    within_budget.by_on,
    within_budget.drawn_cents,
    within_budget.counts_on as due_on,
    within_budget.limit_cents
from within_budget
cross join night
where within_budget.spent_cents <= $budget_cents
order by within_budget.facility_id
