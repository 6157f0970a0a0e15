-- One row per assessed borrower: the lower of market position and management quality at the last visit.
select
    assessment.borrower_id,
    least(assessment.market_position, assessment.management_quality) as weakest
from assessment, night
where assessment.assessed_on <= night.as_of
qualify row_number() over (
    partition by assessment.borrower_id order by assessment.assessed_on desc
) = 1
