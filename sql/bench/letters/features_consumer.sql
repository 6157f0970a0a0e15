-- One row per made-up borrower: the figures that bear their reasons out.
select
    'B' || lpad(cast(numbers.n as varchar), 9, '0') as borrower_id,
    numbers.n % 100 as dpd_now_days,
    numbers.n % 13 as late_months_12m,
    3000 + numbers.n % 7000 as utilisation_3m_bp,
    numbers.n % 20 as external_inquiries_6m,
    numbers.n % 60 as tenure_months
from range(cast($lines as bigint)) as numbers (n)
order by numbers.n
