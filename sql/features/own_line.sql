-- One row per credit line, closed ones too: the weight at which its amounts join those of the
-- borrower's other lines. With one currency any weight gives the same ratio, so 1 will do where the
-- scale lacks it; with several, a currency that the scale lacks leaves the sum unknown (null).
with currencies as (
    select borrower_id, count(distinct currency) as currency_count
    from facility
    group by borrower_id
)
select
    facility.facility_id,
    facility.borrower_id,
    facility.status <> 'closed' as is_open,
    currencies.currency_count = 1 as one_currency,
    case
        when currencies.currency_count = 1 then coalesce(currency_scale.weight, 1)
        else currency_scale.weight
    end as weight,
    currency_scale.weight as size_weight
from facility
inner join currencies using (borrower_id)
left join currency_scale using (currency)
order by facility.facility_id
