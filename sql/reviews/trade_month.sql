-- One row per month of trade of the borrower $borrower_id.
select stg_trade_month.*
from stg_trade_month
where stg_trade_month.borrower_id = $borrower_id
