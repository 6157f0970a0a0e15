-- One row per line that goes to a person tonight: the share of its limit in use at the end of each of its
-- last twelve closed months, oldest first, in basis points rounded down; a credit balance is no use.
with recent as (
    select
        facility_month.facility_id,
        facility_month.month,
        case
            when facility_month.limit_cents > 0 then cast(
                quotient(
                    cast(greatest(facility_month.closing_balance_cents, 0) as hugeint)
                    * 10000, facility_month.limit_cents
                ) as bigint
            )
        end as utilisation_bp
    from facility_month
    inner join referred_line on referred_line.facility_id = facility_month.facility_id
    qualify row_number() over (
        partition by facility_month.facility_id order by facility_month.month desc
    ) <= 12
)

select
    recent.facility_id,
    list(recent.utilisation_bp order by recent.month) as utilisation_months_bp
from recent
group by recent.facility_id
order by recent.facility_id
