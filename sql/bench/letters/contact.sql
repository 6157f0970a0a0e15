-- One row per made-up borrower: a name of their own.
select
    'B' || lpad(cast(numbers.n as varchar), 9, '0') as borrower_id,
    'Ann Lee ' || cast(numbers.n as varchar) as name
from range(cast($lines as bigint)) as numbers (n)
order by numbers.n
