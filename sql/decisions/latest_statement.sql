-- One row per borrower with a statement received by as_of: when the last came in, and of the newest period
-- its flows brought to a full year (months_covered unknown counts as twelve), in its own currency.
select
    financial_statement.borrower_id,
    financial_statement.period_end,
    max(coalesce(financial_statement.received_on, financial_statement.period_end + 180)) over (
        partition by financial_statement.borrower_id
    ) as last_received_on,
    financial_statement.currency,
    cast(date_sub('month', financial_statement.period_end, night.as_of) as integer) as age_months,
    financial_statement.revenue_cents * 12
    // coalesce(financial_statement.months_covered, 12) as revenue_cents,
    financial_statement.ebit_cents * 12 // coalesce(financial_statement.months_covered, 12) as ebit_cents,
    financial_statement.interest_expense_cents * 12
    // coalesce(financial_statement.months_covered, 12) as interest_expense_cents,
    financial_statement.operating_cash_flow_cents * 12
    // coalesce(financial_statement.months_covered, 12) as operating_cash_flow_cents,
    financial_statement.debt_service_due_12m_cents
from financial_statement, night
where coalesce(financial_statement.received_on, financial_statement.period_end + 180) <= night.as_of
qualify row_number() over (
    partition by financial_statement.borrower_id order by financial_statement.period_end desc
) = 1
