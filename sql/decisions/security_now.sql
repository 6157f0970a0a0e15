-- One row per line with a guarantee in force on as_of: the share of exposure covered, at most all of it,
-- a cap on cover brought to a share of the limit; and when the first cover ends.
select
    guarantee.facility_id,
    cast(least(sum(
        case
            when
                guarantee.cap_cents is null or stg_facility.credit_limit_cents <= 0
                then guarantee.covered_share_bp
            else least(
                guarantee.covered_share_bp,
                cast(
                    cast(guarantee.cap_cents as hugeint) * 10000 // stg_facility.credit_limit_cents as bigint
                )
            )
        end
    ), 10000) as bigint) as covered_bp,
    min(guarantee.valid_until) as first_end_on,
    max(guarantee.valid_until) filter (where guarantee.valid_until - 30 <= night.as_of) as ending_on
from guarantee
cross join night
inner join stg_facility on guarantee.facility_id = stg_facility.facility_id
where
    guarantee.valid_from <= night.as_of
    and (guarantee.valid_until is null or guarantee.valid_until >= night.as_of)
    and coalesce(guarantee.status, 'active') = 'active'
    and guarantee.kind in ('guarantor', 'insurance')
group by guarantee.facility_id
