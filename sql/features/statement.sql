-- One row per borrower with a usable financial statement: the ratios of the one that counts, which
-- sql/business/statement_now.sql chooses. Flows are brought to twelve months by its months. Bounds are set by
-- case, since DuckDB's least and greatest skip a null.
-- Rounding: toward zero, save leverage and debt to revenue, which are rounded up.
with earlier as (
    select
        chosen.borrower_id,
        before.revenue_cents,
        before.months_covered
    from statement_now as chosen
    inner join financial_statement as before
        on
            chosen.borrower_id = before.borrower_id
            and coalesce(before.received_on, before.period_end + 180) <= (select as_of from night)
            and before.period_end between chosen.period_end - interval 15 month
            and chosen.period_end - interval 9 month
            and chosen.currency is not distinct from before.currency
            and chosen.consolidated is not distinct from before.consolidated
    qualify row_number() over (partition by chosen.borrower_id order by before.period_end desc) = 1
),

amounts as (
    select
        chosen.borrower_id,
        chosen.age_months,
        chosen.audited,
        chosen.currency,
        chosen.months as covered,
        case when earlier.months_covered between 3 and 18 then earlier.months_covered end as earlier_covered,
        chosen.total_assets_cents::hugeint as assets,
        chosen.current_assets_cents::hugeint as current_assets,
        chosen.current_liabilities_cents::hugeint as current_liabilities,
        chosen.total_liabilities_cents::hugeint as liabilities,
        chosen.equity_cents::hugeint as equity,
        chosen.retained_earnings_cents::hugeint as retained,
        chosen.period_revenue_cents::hugeint as revenue,
        earlier.revenue_cents::hugeint as earlier_revenue,
        chosen.period_ebit_cents::hugeint as ebit,
        chosen.period_interest_cents::hugeint as interest,
        chosen.period_cash_flow_cents::hugeint as cash_flow,
        chosen.cash_cents::hugeint as cash,
        chosen.total_debt_cents::hugeint as debt,
        chosen.debt_service_due_12m_cents::hugeint as service,
        chosen.altman_z2_hundredths
    from statement_now as chosen
    left join earlier using (borrower_id)
),

ratios as (
    select
        borrower_id,
        age_months,
        altman_z2_hundredths,
        audited,
        currency,
        revenue * 12 // covered as revenue_year,
        revenue * 12 * currency_scale.weight // (covered * 100000) as revenue_usd,
        case
            when assets > 0 then (current_assets - current_liabilities) * 10000 // assets
        end as working_capital,
        case when assets > 0 then retained * 10000 // assets end as retained,
        case when assets > 0 then ebit * 12 * 10000 // (assets * covered) end as ebit_share,
        case
            when liabilities > 0 then equity * 10000 // liabilities
            when equity > 0 then 100000
        end as equity_share,
        case
            when current_liabilities > 0 then current_assets * 10000 // current_liabilities
            when current_assets > 0 then 100000
        end as current_ratio,
        case when assets > 0 then cash * 10000 // assets end as cash_share,
        case when assets > 0 then (liabilities * 10000 + assets - 1) // assets end as leverage,
        case
            when interest > 0 then ebit * 10000 // interest
            when ebit >= 0 then 200000
            else -100000
        end as interest_cover,
        case
            when service > 0 then cash_flow * 12 * 10000 // (service * covered)
            when service = 0 and cash_flow >= 0 then 100000
            when service = 0 then -100000
        end as cash_flow_cover,
        case
            when revenue > 0 then ebit * 10000 // revenue
            when ebit < 0 then -10000
        end as margin,
        case when assets > 0 then revenue * 12 * 10000 // (assets * covered) end as turnover,
        case
            when earlier_revenue > 0
                then
                    (revenue * earlier_covered - earlier_revenue * covered) * 10000
                    // (earlier_revenue * covered)
        end as growth,
        case
            when revenue > 0 then (debt * 10000 * covered + revenue * 12 - 1) // (revenue * 12)
            when debt > 0 then 100000
        end as debt_to_revenue
    from amounts
    left join currency_scale using (currency)
)

select
    borrower_id,
    currency,
    cast(
        case
            when revenue_year < 0 then 0
            when revenue_year > 10000000000000 then 10000000000000
            else revenue_year
        end as bigint
    ) as revenue_year_cents,
    cast(
        case
            when working_capital < -20000 then -20000
            when working_capital > 10000 then 10000
            else working_capital
        end as bigint
    ) as working_capital_share_bp,
    cast(
        case
            when retained < -20000 then -20000
            when retained > 10000 then 10000
            else retained
        end as bigint
    ) as retained_earnings_share_bp,
    cast(
        case
            when ebit_share < -10000 then -10000
            when ebit_share > 10000 then 10000
            else ebit_share
        end as bigint
    ) as ebit_share_bp,
    cast(
        case
            when equity_share < -10000 then -10000
            when equity_share > 100000 then 100000
            else equity_share
        end as bigint
    ) as equity_to_liabilities_bp,
    altman_z2_hundredths,
    cast(
        case
            when current_ratio < 0 then 0
            when current_ratio > 100000 then 100000
            else current_ratio
        end as bigint
    ) as current_ratio_bp,
    cast(
        case
            when cash_share < 0 then 0
            when cash_share > 10000 then 10000
            else cash_share
        end as bigint
    ) as cash_share_bp,
    cast(
        case
            when leverage < 0 then 0
            when leverage > 30000 then 30000
            else leverage
        end as bigint
    ) as leverage_bp,
    cast(
        case
            when interest_cover < -100000 then -100000
            when interest_cover > 200000 then 200000
            else interest_cover
        end as bigint
    ) as interest_cover_bp,
    cast(
        case
            when cash_flow_cover < -100000 then -100000
            when cash_flow_cover > 100000 then 100000
            else cash_flow_cover
        end as bigint
    ) as cash_flow_cover_bp,
    cast(
        case
            when margin < -10000 then -10000
            when margin > 10000 then 10000
            else margin
        end as bigint
    ) as margin_bp,
    cast(
        case
            when turnover < 0 then 0
            when turnover > 100000 then 100000
            else turnover
        end as bigint
    ) as asset_turnover_bp,
    cast(
        case
            when growth < -10000 then -10000
            when growth > 30000 then 30000
            else growth
        end as bigint
    ) as revenue_growth_bp,
    cast(
        case
            when debt_to_revenue < 0 then 0
            when debt_to_revenue > 100000 then 100000
            else debt_to_revenue
        end as bigint
    ) as debt_to_revenue_bp,
    cast(
        case
            when revenue_usd < 0 then 0
            when revenue_usd > 1000000000000 then 1000000000000
            else revenue_usd
        end as bigint
    ) as revenue_usd,
    age_months as statement_age_months,
    case when audited then 1 when not audited then 0 end as statement_audited
from ratios
order by borrower_id
