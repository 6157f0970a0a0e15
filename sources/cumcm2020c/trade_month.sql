-- One row per enterprise and closed month with an invoice. An amount below zero is a return. Void invoices
-- are counted and add nothing. The largest other party is the one with the largest sum before returns.
with closing as (
    select cast(date_trunc('month', $as_of + 1) as date) as month_after
),

invoice as (
    select
        企业代号 as firm,
        cast(date_trunc('month', 开票日期) as date) as month,
        购方单位代号 as other,
        金额 as cents,
        发票状态 = '有效发票' as is_valid,
        true as is_sale
    from source_sale
    union all
    select
        企业代号 as firm,
        cast(date_trunc('month', 开票日期) as date) as month,
        销方单位代号 as other,
        金额 as cents,
        发票状态 = '有效发票' as is_valid,
        false as is_sale
    from source_purchase
),

party as (
    select
        firm,
        month,
        is_sale,
        other,
        count(*) as invoices,
        count(*) filter (where not is_valid) as voids,
        cast(coalesce(sum(cents) filter (where is_valid and cents > 0), 0) as bigint) as bought,
        cast(coalesce(sum(-cents) filter (where is_valid and cents < 0), 0) as bigint) as returned
    from invoice
    cross join closing
    where month < closing.month_after
    group by firm, month, is_sale, other
)

select
    'CUMCM-' || firm as borrower_id,
    month,
    'CNY' as currency,
    cast(coalesce(sum(bought) filter (where is_sale), 0) as bigint) as sales_cents,
    cast(coalesce(sum(returned) filter (where is_sale), 0) as bigint) as sales_returns_cents,
    cast(coalesce(sum(bought) filter (where not is_sale), 0) as bigint) as purchases_cents,
    cast(coalesce(sum(returned) filter (where not is_sale), 0) as bigint) as purchase_returns_cents,
    cast(cast(coalesce(sum(invoices) filter (where is_sale), 0) as bigint) as integer) as sales_invoices,
    cast(cast(coalesce(sum(voids) filter (where is_sale), 0) as bigint) as integer) as void_sales_invoices,
    cast(count(*) filter (where is_sale and bought > 0) as integer) as customers,
    coalesce(max(bought) filter (where is_sale), 0) as largest_customer_cents,
    cast(count(*) filter (where not is_sale and bought > 0) as integer) as suppliers,
    coalesce(max(bought) filter (where not is_sale), 0) as largest_supplier_cents
from party
group by firm, month
order by borrower_id, month
