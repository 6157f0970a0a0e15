-- One row per borrower and period end: the sound rows, with those spoiled that bad_row names.
select
    coalesce(b.e1, t.borrower_id) as borrower_id,
    coalesce(cast(b.e2 as date), t.period_end) as period_end,
    case b.kind
        when 'statement_period_is_past' then null
        when 'statement_follows_its_period' then t.period_end - 1
        else t.received_on
    end as received_on,
    case b.kind when 'statement_covers_whole_months' then 0 else t.months_covered end as months_covered,
    t.audited,
    t.consolidated,
    case b.kind when 'statement_currency_is_three_capitals' then 'yuan' else t.currency end as currency,
    case b.kind
        when 'total_assets_are_not_negative' then -1
        else t.total_assets_cents
    end as total_assets_cents,
    case b.kind
        when 'total_assets_are_not_negative' then 0
        when 'current_assets_lie_within_total' then t.total_assets_cents + 1
        else t.current_assets_cents
    end as current_assets_cents,
    case b.kind
        when 'total_assets_are_not_negative' then 0
        when 'current_liabilities_lie_within_total' then t.total_liabilities_cents + 1
        else t.current_liabilities_cents
    end as current_liabilities_cents,
    case b.kind
        when 'total_assets_are_not_negative' then 0
        else t.total_liabilities_cents
    end as total_liabilities_cents,
    case b.kind
        when 'total_assets_are_not_negative' then -1
        when 'balance_sheet_balances' then t.equity_cents + t.total_assets_cents // 50 + 1000
        else t.equity_cents
    end as equity_cents,
    t.retained_earnings_cents,
    case b.kind when 'revenue_is_not_negative' then -1 else t.revenue_cents end as revenue_cents,
    t.ebit_cents,
    case b.kind
        when 'interest_expense_is_not_negative' then -1
        when 'statement_amounts_are_given' then null
        else t.interest_expense_cents
    end as interest_expense_cents,
    t.operating_cash_flow_cents,
    t.cash_cents,
    case b.kind
        when 'short_term_debt_lies_within_total' then t.total_debt_cents + 1
        else t.short_term_debt_cents
    end as short_term_debt_cents,
    t.total_debt_cents,
    t.debt_service_due_12m_cents,
    case b.kind
        when 'financial_statement_amounts_are_computable' then 1000000000000000
        else t.inventory_cents
    end as inventory_cents,
    case b.kind
        when 'statement_parts_are_not_negative' then -1
        else t.receivables_cents
    end as receivables_cents,
    t.payables_cents,
    t.recorded_at
from financial_statement as t
left join bad_row as b
    on
        b.table_name = 'financial_statement' and b.k1 = t.borrower_id
        and b.k2 = cast(t.period_end as varchar)
order by 1, 2
