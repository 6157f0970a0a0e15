-- One row per borrower with trade in the last twelve closed months: what its invoices tell. Month 0 is the
-- last month that had ended by as_of. Amounts in the currency of the newest month alone. From the first month
-- on record a month without a row had no trade; under six months on record nothing is told.
-- Rounding: shares up, sales and growth toward zero.
with closing as (
    select cast(date_trunc('month', as_of + 1) as date) as month_after
    from night
),

closed as (
    select
        trade_month.borrower_id,
        trade_month.currency,
        date_diff('month', trade_month.month, closing.month_after) - 1 as ago,
        greatest(0, least(trade_month.sales_cents, 10000000000000)) as sales,
        greatest(0, least(trade_month.sales_returns_cents, 10000000000000)) as sales_returns,
        greatest(0, least(trade_month.purchases_cents, 10000000000000)) as purchases,
        greatest(0, least(trade_month.purchase_returns_cents, 10000000000000)) as purchase_returns,
        trade_month.sales_invoices,
        trade_month.void_sales_invoices,
        trade_month.largest_customer_cents,
        trade_month.largest_supplier_cents,
        first_value(trade_month.currency) over (
            partition by trade_month.borrower_id order by trade_month.month desc
        ) as newest_currency
    from trade_month
    cross join closing
    where trade_month.month < closing.month_after
),

months as (
    select
        * exclude (newest_currency),
        sales - sales_returns as net_sales,
        least(12, 1 + max(ago) over (partition by borrower_id)) as known
    from closed
    where currency is not distinct from newest_currency
),

sums as (
    select
        borrower_id,
        currency,
        known,
        max(ago) as oldest,
        cast(count(*) filter (where ago < 12 and sales > 0) as bigint) as active,
        cast(count(*) filter (where ago < 12) as bigint) as told,
        cast(sum(net_sales) filter (where ago < 12) as bigint) as net,
        cast(sum(net_sales) filter (where ago between 12 and 23) as bigint) as net_before,
        cast(sum(sales) filter (where ago < 12) as bigint) as gross,
        cast(sum(sales_returns) filter (where ago < 12) as bigint) as returned,
        cast(sum(purchases - purchase_returns) filter (where ago < 12) as bigint) as bought,
        cast(
            sum(sales_invoices) filter (where ago < 12 and void_sales_invoices is not null) as bigint
        ) as invoices,
        cast(
            sum(void_sales_invoices) filter (where ago < 12 and sales_invoices is not null) as bigint
        ) as voids,
        cast(
            sum(sales) filter (where ago < 12 and largest_customer_cents is not null) as bigint
        ) as customer_sales,
        cast(
            sum(least(largest_customer_cents, sales)) filter (where ago < 12) as bigint
        ) as largest_customers,
        cast(
            sum(purchases) filter (where ago < 12 and largest_supplier_cents is not null) as bigint
        ) as supplier_purchases,
        cast(
            sum(least(largest_supplier_cents, purchases)) filter (where ago < 12) as bigint
        ) as largest_suppliers
    from months
    group by borrower_id, currency, known
    having min(ago) < 12 and known >= 6
),

-- Distances from the mean times the number of months, so that nothing is divided before the end.
spread as (
    select
        months.borrower_id,
        cast(sum(abs(sums.known * months.net_sales - sums.net)) as bigint) as distance
    from months
    inner join sums using (borrower_id)
    where months.ago < 12
    group by months.borrower_id
)

select
    sums.borrower_id,
    cast(
        least(
            quotient(greatest(sums.net, 0)::hugeint * 12 * currency_scale.weight, sums.known * 100000),
            1000000000000
        ) as bigint
    ) as trade_sales_usd,
    case
        when sums.oldest >= 23 and sums.net_before > 0
            then cast(
                least(
                    greatest(
                        quotient((sums.net - sums.net_before)::hugeint * 10000, sums.net_before), -10000
                    ),
                    30000
                ) as bigint
            )
    end as trade_sales_growth_bp,
    case when sums.known = 12 then sums.active end as trade_active_months_12m,
    case
        when sums.net > 0
            then cast(
                least(
                    quotient(
                        (spread.distance + (sums.known - sums.told) * sums.net::hugeint) * 10000
                        + sums.known * sums.net::hugeint - 1, sums.known * sums.net::hugeint
                    ), 30000
                ) as bigint
            )
    end as sales_volatility_bp,
    case
        when sums.net > 0 and sums.bought > 0
            then
                cast(least(quotient(sums.bought::hugeint * 10000 + sums.net - 1, sums.net), 100000) as bigint)
        when sums.net > 0 then 0
        when sums.bought > 0 then 100000
    end as purchases_to_sales_bp,
    case
        when sums.gross > 0
            then
                cast(
                    least(
                        quotient(sums.returned::hugeint * 10000 + sums.gross - 1, sums.gross), 30000
                    ) as bigint
                )
    end as sales_returns_share_bp,
    case
        when sums.invoices > 0
            then cast(
                least(
                    quotient(sums.voids::hugeint * 10000 + sums.invoices - 1, sums.invoices), 10000
                ) as bigint
            )
    end as void_invoices_share_bp,
    case
        when sums.customer_sales > 0
            then cast(
                quotient(
                    sums.largest_customers::hugeint * 10000 + sums.customer_sales - 1, sums.customer_sales
                ) as bigint
            )
    end as customer_concentration_bp,
    case
        when sums.supplier_purchases > 0
            then cast(
                quotient(
                    sums.largest_suppliers::hugeint * 10000 + sums.supplier_purchases - 1,
                    sums.supplier_purchases
                ) as bigint
            )
    end as supplier_concentration_bp
from sums
inner join spread using (borrower_id)
left join currency_scale using (currency)
order by sums.borrower_id
