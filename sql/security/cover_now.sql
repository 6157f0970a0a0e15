-- One row per cover that counts on as_of, of any line: in force, not disputed, and not by the borrower's
-- own group nor by a borrower of ours in default. Collateral counts whoever gives it.
select
    guarantee.facility_id,
    guarantee.guarantee_id,
    guarantee.kind,
    guarantee.provider_id,
    guarantee.provider_grade,
    cast(least(greatest(coalesce(guarantee.covered_share_bp, 0), 0), 10000) as bigint) as share_bp,
    guarantee.cap_cents,
    guarantee.value_cents,
    cast(date_sub('month', guarantee.valued_on, night.as_of) as integer) as valued_months,
    guarantee.valid_until
from guarantee
cross join night
inner join facility on guarantee.facility_id = facility.facility_id
left join exposure_group as own_group on facility.borrower_id = own_group.borrower_id
left join exposure_group as provider_group on guarantee.provider_id = provider_group.borrower_id
left join provider_default on guarantee.provider_id = provider_default.borrower_id
where
    guarantee.valid_from <= night.as_of
    and (guarantee.valid_until is null or guarantee.valid_until >= night.as_of)
    and coalesce(guarantee.status, 'active') = 'active'
    and (
        guarantee.kind = 'collateral'
        or (
            guarantee.kind in ('guarantor', 'insurance')
            and guarantee.provider_id is distinct from facility.borrower_id
            and (
                provider_group.group_id is null
                or provider_group.group_id is distinct from own_group.group_id
            )
            and provider_default.borrower_id is null
        )
    )
order by guarantee.facility_id, guarantee.guarantee_id
