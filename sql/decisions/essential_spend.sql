-- One row per borrower with spending in the last three closed months: essentials a month, rounded up.
select
    spending_month.borrower_id,
    cast((sum(spending_month.essential_cents) + count(*) - 1) // count(*) as bigint) as essential_cents
from spending_month, night
where
    spending_month.month + interval 1 month - interval 1 day <= night.as_of
    and date_diff('month', spending_month.month, night.as_of + 1) <= 3
group by spending_month.borrower_id
