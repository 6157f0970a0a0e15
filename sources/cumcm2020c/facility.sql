-- One row per enterprise: the line that the contest asks to set, undrawn. Its limit is not in the data: a
-- tenth of the net sales of the twelve closed months, never under the task's 100,000 yuan nor over its
-- 1,000,000, in whole 10,000 yuan rounded down.
with closing as (
    select cast(date_trunc('month', $as_of + 1) as date) as month_after
),

sold as (
    select
        source_sale.企业代号 as firm,
        cast(sum(source_sale.金额) as bigint) as year_cents
    from source_sale
    cross join closing
    where
        source_sale.发票状态 = '有效发票'
        and source_sale.开票日期 >= closing.month_after - interval 12 month
        and source_sale.开票日期 < closing.month_after
    group by source_sale.企业代号
)

select
    'CUMCM-' || source_firm.企业代号 as facility_id,
    'CUMCM-' || source_firm.企业代号 as borrower_id,
    'working_capital' as product,
    'CNY' as currency,
    least(100000000, greatest(10000000, coalesce(sold.year_cents, 0) // 10 // 1000000 * 1000000))
        as credit_limit_cents,
    cast(0 as bigint) as drawn_cents,
    'active' as status,
    true as revolving
from source_firm
left join sold on source_firm.企业代号 = sold.firm
order by facility_id
