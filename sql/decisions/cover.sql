-- One row per cover that counts tonight: its terms as the policy weighs them. Collateral has its haircut by
-- age of valuation; the loss rate of what it covers is the line's (line_risk). Days: null where it outlasts
-- the horizon. Of a provider with a row in quarantine the grade alone counts.
with weighed as (
    select
        cover_now.*,
        night.as_of,
        cast(night.as_of + to_months(pol_setting.horizon_months) as date) as horizon_on,
        pol_valuation_haircut.haircut_bp,
        coalesce(graded.pd_bp, ungraded.pd_bp) as grade_pd_bp,
        coalesce(graded.lgd_bp, ungraded.lgd_bp) as grade_lgd_bp,
        case when quarantined_borrower.borrower_id is null then scores.pd_bp end as own_pd_bp
    from cover_now
    cross join night
    cross join pol_setting
    left join pol_valuation_haircut
        on
            cover_now.kind = 'collateral'
            and (
                pol_valuation_haircut.above_months is null
                or coalesce(cover_now.valued_months, 2147483647) > pol_valuation_haircut.above_months
            )
            and (
                pol_valuation_haircut.up_to_months is null
                or coalesce(cover_now.valued_months, 2147483647) <= pol_valuation_haircut.up_to_months
            )
    left join pol_provider_grade as graded on cover_now.provider_grade = graded.grade
    left join pol_provider_grade as ungraded on ungraded.grade = 'unknown'
    left join scores on cover_now.provider_id = scores.borrower_id
    left join quarantined_borrower on cover_now.provider_id = quarantined_borrower.borrower_id
)

select
    weighed.facility_id,
    weighed.guarantee_id,
    weighed.kind,
    weighed.provider_id,
    weighed.share_bp,
    case
        when weighed.kind = 'collateral'
            then
                least(weighed.cap_cents, cast(
                    quotient(
                        cast(greatest(coalesce(weighed.value_cents, 0), 0) as hugeint)
                        * (10000 - weighed.haircut_bp), 10000
                    ) as bigint
                ))
        else weighed.cap_cents
    end as most_cents,
    case
        when weighed.valid_until < weighed.horizon_on
            then cast(weighed.valid_until - weighed.as_of as bigint)
    end as days,
    cast(weighed.horizon_on - weighed.as_of as bigint) as horizon_days,
    case
        when weighed.kind <> 'collateral'
            then cast(greatest(weighed.grade_pd_bp, weighed.own_pd_bp) as bigint) * weighed.grade_lgd_bp
    end as provider_rate_e8,
    weighed.valued_months,
    weighed.valid_until
from weighed
where weighed.kind = 'collateral' or weighed.grade_pd_bp is not null
order by weighed.facility_id, weighed.guarantee_id
