-- One row per line: what the borrower can carry bounds a rise; a standing limit is lowered only where the
-- policy says so, the income is verified and recent, and essential spending is on record: an estimate bounds
-- rises and cuts nothing. Unknown income: no rise, no cut (and greatest() passes over nulls, so an unknown
-- capacity is named before it).
with known as (
    select
        walk_relationship.*,
        case
            when
                walk_relationship.has_statement
                or (
                    walk_relationship.trade_months >= walk_relationship.aff_trade_months_least
                    and walk_relationship.trade_age_months < walk_relationship.aff_trade_age_months
                )
                then walk_relationship.revenue_cents
        end as proven_revenue_cents
    from walk_relationship
),

capable as (
    select
        known.*,
        switches.affordability as affordability_on,
        known.income_kind = 'verified'
        and known.income_verified_on
        + to_months(known.aff_verified_within_months)
        >= known.as_of
        and known.essential_cents is not null as capacity_is_proven,
        case
            when known.subject = 'consumer'
                then
                    quotient(
                        cast((
                            known.net_monthly_income_cents * known.aff_income_share_bp // 10000
                            - known.external_payment_cents
                            - coalesce(
                                known.essential_cents,
                                known.net_monthly_income_cents * known.aff_essential_share_bp // 10000
                            )
                            - known.aff_buffer_cents
                        ) as hugeint) * 10000,
                        known.aff_minimum_payment_bp
                    )
            else
                quotient(
                    quotient(cast(known.proven_revenue_cents as hugeint) * known.aff_revenue_share_bp, 10000)
                    * known.statement_rate_ppm,
                    known.rate_ppm
                )
        end as all_lines_cents,
        greatest(0, cast(
            quotient(
                cast(own_lines.all_limits_cents as hugeint) * 1000000 + known.rate_ppm - 1, known.rate_ppm
            ) as bigint
        ) - known.limit_cents) as other_lines_cents
    from known
    inner join switches on known.variant = switches.variant
    left join own_lines on known.borrower_id = own_lines.borrower_id
),

capped as (
    select
        capable.*,
        case
            when not coalesce(capable.moves, false) or capable.all_lines_cents is null then null
            else cast(greatest(0, capable.all_lines_cents - capable.other_lines_cents) as bigint)
        end as capacity_cents,
        case
            when capable.subject = 'consumer' then null
            when not capable.has_statement and capable.proven_revenue_cents is null then 'income_unknown'
            when capable.statement_age_months > capable.aff_statement_months then 'statement_stale'
            when
                capable.debt_service_due_12m_cents > 0
                and cast(capable.operating_cash_flow_cents as hugeint) * 10000
                < cast(capable.debt_service_due_12m_cents as hugeint) * capable.aff_debt_service_cover_bp
                then 'debt_service'
            when
                capable.interest_expense_cents > 0
                and cast(capable.ebit_cents as hugeint) * 10000
                < cast(capable.interest_expense_cents as hugeint) * capable.aff_interest_cover_bp
                then 'interest_cover'
        end as statement_bar
    from capable
),

bounded as (
    select
        capped.*,
        coalesce(capped.subject = 'consumer' and capped.aff_cuts and capped.capacity_is_proven, false)
            as may_cut,
        case
            when not capped.moves or not capped.affordability_on then null
            when capped.after_relationship_cents > capped.limit_cents
                then
                    case
                        when capped.statement_bar is not null then capped.statement_bar
                        when capped.capacity_cents is null then 'income_unknown'
                        when capped.capacity_cents < capped.after_relationship_cents then 'capacity'
                    end
            when may_cut and capped.capacity_cents < capped.after_relationship_cents then 'capacity'
        end as affordability_row
    from capped
)

select
    bounded.* exclude (all_lines_cents, proven_revenue_cents),
    case
        when bounded.affordability_row is null then bounded.after_relationship_cents
        when bounded.affordability_row <> 'capacity' then bounded.limit_cents
        when bounded.may_cut then bounded.capacity_cents
        else greatest(bounded.limit_cents, bounded.capacity_cents)
    end as after_affordability_cents,
    case when bounded.affordability_row = 'capacity' then bounded.capacity_cents end as affordability_value,
    coalesce(
        bounded.moves and bounded.subject = 'consumer' and not coalesce(bounded.capacity_is_proven, false)
        and cast(bounded.capacity_cents as hugeint) * 10000
        < cast(bounded.limit_cents as hugeint) * bounded.aff_refer_below_bp,
        false
    ) as is_beyond_unverified
from bounded
