-- One row per made-up borrower: half of them read Chinese, half English.
select
    'B' || lpad(cast(numbers.n as varchar), 9, '0') as borrower_id,
    case when numbers.n % 2 = 0 then 'zh' else 'en' end as language,
    'none' as fraud_flag
from range(cast($lines as bigint)) as numbers (n)
order by numbers.n
