-- A small lender that keeps every promise on the night of 31 October 2026, one INSERT a table.
-- F2 has a credit balance, F6 is over its limit, B5 and F5 are unknown wherever that is allowed.
insert into raw_borrower (
    borrower_id, borrower_type, jurisdiction, onboarded_on, identity_verified_on, annual_income_cents,
    net_monthly_income_cents, income_kind, income_verified_on, housing_cents, language, profile_use,
    limit_increase, industry_code, under_21, student, hardship_on, deceased_on, fraud_flag, recorded_at
) values
('B1', 'consumer', 'CN', '2020-01-01', '2020-01-01', 24000000, 1500000, 'verified', '2026-05-01', 300000, 'zh',
    true, true, null, false, false, null, null, 'none', '2026-10-31 03:00:00'),
('B2', 'consumer', 'US', '2021-06-01', '2021-06-01', 6000000, 400000, 'stated', null, 100000, 'en',
    false, null, null, true, true, '2026-01-10', null, 'suspected', '2026-10-31 03:00:00'),
('B3', 'enterprise', 'CN', '2019-03-01', '2019-03-01', null, null, null, null, null, 'zh',
    null, null, 'C26', null, null, null, null, 'victim', '2026-10-31 03:00:00'),
('B4', 'enterprise', 'SG', '2018-03-01', '2018-03-01', null, null, null, null, null, 'en',
    null, null, 'F41', null, null, null, null, null, '2026-10-31 03:00:00'),
('B5', 'consumer', 'CN', null, null, null, null, null, null, null, null,
    null, null, null, null, null, null, null, null, null),
('B6', 'consumer', 'CN', '2022-06-01', '2022-06-01', 12000000, 800000, 'modelled', '2026-01-01', 0, 'zh',
    true, false, null, false, false, null, '2026-10-30', 'first_party', '2026-10-31 03:00:00');

insert into raw_facility (
    facility_id, borrower_id, product, currency, credit_limit_cents, drawn_cents, pending_cents, annual_rate_bp,
    opened_on, matures_on, status, days_past_due, past_due_cents, minimum_due_cents, statement_day,
    last_limit_change_on, last_change_by, last_reviewed_on, drawdown_blocked, block_code, commitment, revolving,
    scheduled_limit_cents, temporary_limit_cents, temporary_until, recorded_at
) values
('F1', 'B1', 'revolving_consumer', 'CNY', 5000000, 2000000, 10000, 1800, '2020-01-01', null, 'active', 0, 0,
    100000, 20, '2026-01-05', 'lender', '2026-04-20', false, null, 'uncommitted', true, null, 600000,
    '2026-12-31', '2026-10-31 03:00:00'),
('F2', 'B2', 'revolving_consumer', 'CNY', 1000000, -5000, 0, 2400, '2021-06-01', null, 'frozen', 0, 0,
    0, 5, '2026-02-05', 'borrower', '2026-04-05', true, 'K1', 'uncommitted', true, null, null, null,
    '2026-10-31 03:00:00'),
('F3', 'B3', 'working_capital', 'CNY', 300000000, 120000000, 0, 650, '2023-03-01', '2027-03-01', 'active', 12,
    900000, 900000, 31, null, null, '2026-03-01', false, null, 'uncommitted', true, null, null, null,
    '2026-10-31 03:00:00'),
('F4', 'B4', 'project', 'USD', 900000000, 400000000, 0, 720, '2024-03-01', '2031-03-01', 'active', 0, 0,
    0, 1, null, null, '2026-03-01', false, null, 'committed', false, 850000000, null, null,
    '2026-10-31 03:00:00'),
('F5', 'B5', 'revolving_consumer', 'CNY', 200000, 0, null, null, null, null, 'active', null, null, null, null,
    null, null, null, null, null, null, null, null, null, null, null),
('F6', 'B6', 'revolving_consumer', 'CNY', 1000000, 1200000, 0, 1800, '2022-06-01', null, 'active', 45, 90000,
    150000, 12, '2025-06-01', 'lender', '2026-06-12', false, null, 'uncommitted', true, null, null, null,
    '2026-10-31 03:00:00'),
('F7', 'B1', 'revolving_consumer', 'CNY', 0, 0, 0, 1800, '2021-06-01', null, 'closed', 0, 0,
    0, 12, null, null, null, false, null, 'uncommitted', true, null, null, null, '2026-10-31 03:00:00');

insert into raw_facility_month (
    facility_id, month, closing_balance_cents, limit_cents, payment_due_cents, payment_made_cents, days_past_due,
    drawdown_count, drawdown_cents, interest_fees_cents, principal_paid_cents, average_balance_cents, recorded_at
)
select
    facility_id, cast(months.month as date), drawn_cents, credit_limit_cents, 100000, 120000,
    coalesce(days_past_due, 0), 1, 50000, -100, 20000, drawn_cents, null
from raw_facility
cross join
    (select unnest(generate_series(date '2025-11-01', date '2026-10-01', interval 1 month)) as month) as months
where status <> 'closed';

insert into raw_bureau_report values
('B1', '2026-09-15', 'PBOC', 'R1', 2, 3000000, 5000000, 1000000, 200000, 1, 0, 30, 0, false, true, null),
('B2', '2026-10-31', null, null, null, null, null, null, null, null, null, null, null, null, null, null),
('B3', '2026-08-01', 'PBOC', 'R3', 0, 0, 0, 0, 0, 0, 0, 0, 1, true, false, null);

insert into raw_spending_month
select borrower_id, cast(months.month as date), 400000, 100000, 0, null
from (values ('B1'), ('B2')) as spenders (borrower_id)
cross join
    (select unnest(generate_series(date '2026-08-01', date '2026-10-01', interval 1 month)) as month) as months;

insert into raw_trade_month
select
    borrower_id, cast(months.month as date), if(borrower_id = 'B3', 'CNY', null), 100000000, 2000000, 70000000, 0,
    if(borrower_id = 'B3', 40, null), if(borrower_id = 'B3', 2, null), if(borrower_id = 'B3', 9, null),
    if(borrower_id = 'B3', 30000000, null), if(borrower_id = 'B3', 5, null), if(borrower_id = 'B3', 70000000, null),
    null
from (values ('B3'), ('B4')) as traders (borrower_id)
cross join
    (select unnest(generate_series(date '2026-08-01', date '2026-10-01', interval 1 month)) as month) as months;

insert into raw_control_link values
('B4', 'B3', 'parent', 6000, '2019-01-01', null, null),
('B1', 'B3', 'economic_dependence', null, '2024-01-01', '2027-01-01', null),
('B4', 'B9', 'controller', 10000, '2024-01-01', '2024-01-01', null);

insert into raw_social_link values
('B1', 'B2', 'household', null), ('B2', 'B6', 'shared_device', null), ('B6', 'B1', 'emergency_contact', null);

insert into raw_financial_statement (
    borrower_id, period_end, received_on, months_covered, audited, consolidated, currency, total_assets_cents,
    current_assets_cents, current_liabilities_cents, total_liabilities_cents, equity_cents,
    retained_earnings_cents, revenue_cents, ebit_cents, interest_expense_cents, operating_cash_flow_cents,
    cash_cents, short_term_debt_cents, total_debt_cents, debt_service_due_12m_cents, inventory_cents,
    receivables_cents, payables_cents
) values
('B3', '2025-12-31', '2026-04-20', 12, true, false, 'CNY', 900000000, 400000000, 200000000, 500000000, 400000000,
    -100000000, 1200000000, 90000000, 15000000, 80000000, 50000000, 60000000, 250000000, 90000000, 100000000,
    120000000, 80000000),
('B4', '2025-12-31', null, null, null, null, null, 9000000000, 4000000000, 2000000000, 9500000000, -500000000,
    -900000000, 0, -90000000, 0, -80000000, null, null, null, null, null, null, null);

insert into raw_assessment values
('B3', '2026-03-01', 3, 4, null, null, null, null, null, 'A1', null),
('B4', '2026-03-01', null, null, 2, 1, 3, 4, 2, 'A1', null);

insert into raw_project_status values
('F4', '2026-06-30', 'construction', 5500, 300000000, 12500, false, false, null),
('F4', '2026-09-30', 'construction', 6000, null, null, false, true, null);

insert into raw_guarantee values
('F3', 'G1', 'guarantor', 'B4', 'B', 5000, 100000000, null, null, '2023-03-01', '2027-03-01', 'active', null),
('F4', 'G2', 'collateral', 'P2', null, 10000, null, 800000000, '2026-01-15', '2024-03-01', null, null, null);

insert into raw_consent values
('B1', 'limit_increase', '2025-01-01', 'F1', 6000000, null, null),
('B2', 'profile_use', '2025-01-01', null, null, '2025-06-01', null),
('B6', 'automation_objection', '2026-10-31', null, null, null, null);

insert into raw_treatment values
('B2', 'forbearance', '2026-01-10', '2026-12-31', null), ('B6', 'complaint', '2026-11-05', null, null),
('B5', 'do_not_touch', '2026-05-01', null, null);

insert into raw_contact values ('B1', '李雷', null, 'app', null), ('B2', null, null, null, null);

insert into raw_fx_rate values ('USD', '2026-10-29', 7100000, null), ('USD', '2026-10-30', 7120000, null);

insert into raw_reference_rate values ('LPR1Y', '2026-09-20', 310, null), ('LPR1Y', '2026-10-20', 300, null);

insert into raw_protected_attribute values ('B1', 'f', 1990, 'married', 'university', null);
