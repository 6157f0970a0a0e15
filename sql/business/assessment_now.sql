-- One row per borrower assessed by as_of: market position and management of the last visit that knows either,
-- unknown again after 24 months; and the slotting factors of the last visit that knows any, with its day. The
-- policy says how long those count. A mark outside 1 to 4 is unknown.
with visit as (
    select
        assessment.borrower_id,
        assessment.assessed_on,
        assessment.market_position,
        assessment.management_quality,
        case when assessment.financial_strength between 1 and 4 then assessment.financial_strength end
            as financial_strength,
        case when assessment.political_legal between 1 and 4 then assessment.political_legal end
            as political_legal,
        case when assessment.transaction between 1 and 4 then assessment.transaction end as transaction,
        case when assessment.sponsor between 1 and 4 then assessment.sponsor end as sponsor,
        case when assessment.security between 1 and 4 then assessment.security end as security
    from assessment, night
    where assessment.assessed_on <= night.as_of
),

standing as (
    select
        visit.borrower_id,
        visit.market_position,
        visit.management_quality,
        visit.assessed_on + interval 24 month > night.as_of as counts
    from visit, night
    where visit.market_position is not null or visit.management_quality is not null
    qualify row_number() over (partition by visit.borrower_id order by visit.assessed_on desc) = 1
),

slotting as (
    select visit.*
    from visit
    where
        coalesce(
            visit.financial_strength, visit.political_legal, visit.transaction, visit.sponsor, visit.security
        ) is not null
    qualify row_number() over (partition by visit.borrower_id order by visit.assessed_on desc) = 1
)

select
    coalesce(standing.borrower_id, slotting.borrower_id) as borrower_id,
    case when standing.counts then standing.market_position end as market_position,
    case when standing.counts then standing.management_quality end as management_quality,
    case when standing.counts then least(standing.market_position, standing.management_quality) end
        as weakest,
    slotting.assessed_on as slotted_on,
    slotting.financial_strength,
    slotting.political_legal,
    slotting.transaction,
    slotting.sponsor,
    slotting.security
from standing
full outer join slotting on standing.borrower_id = slotting.borrower_id
order by coalesce(standing.borrower_id, slotting.borrower_id)
