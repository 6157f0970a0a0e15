-- One row per borrower assessed by as_of: the latest assessment, unknown again after 24 months.
select
    borrower_id,
    market_position,
    management_quality
from assessment
where
    assessed_on <= (select as_of from night)
    and assessed_on > (select as_of from night) - interval 24 month
qualify row_number() over (partition by borrower_id order by assessed_on desc) = 1
order by borrower_id
