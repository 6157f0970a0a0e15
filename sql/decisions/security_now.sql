-- One row per line with a cover that counts tonight: the last day on which one came so near its end that
-- the policy wants the line looked at, and how old the oldest valuation of its collateral is.
with nearing as (
    select
        cover.facility_id,
        max(cover.valid_until - pol_expiring.days) as expiring_since
    from cover
    cross join night
    inner join pol_expiring on cover.valid_until - pol_expiring.days <= night.as_of
    group by cover.facility_id
),

valued as (
    select
        cover.facility_id,
        max(case when cover.kind = 'collateral' then cover.valued_months end) as valued_months,
        bool_or(cover.kind = 'collateral' and cover.valued_months is null) as is_unvalued
    from cover
    group by cover.facility_id
)

select
    valued.facility_id,
    nearing.expiring_since,
    valued.valued_months,
    valued.is_unvalued
from valued
left join nearing on valued.facility_id = nearing.facility_id
