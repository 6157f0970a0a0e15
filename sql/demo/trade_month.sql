-- One row per enterprise that lets its invoices be seen, and closed month with trade: a year more of them
-- than of the lines. The risky trade less evenly, shrink sooner and buy more than they sell.
with months as (
    select
        p.*,
        cast(unnest(generate_series(
            greatest(
                cast(date_trunc('month', cast($days as date[])[2]) - interval 12 month as date),
                cast(date_trunc('month', p.onboarded_on) - interval 24 month as date)
            ),
            cast(date_trunc('month', cast($days as date[])[-2]) as date),
            interval 1 month
        )) as date) as month
    from person as p
    where p.is_enterprise and p.onboarded_on <= $as_of and p.u_when % 5 < 3
),

moods as (
    select
        *,
        last_day(month) as month_end,
        date_diff('month', date '2015-01-01', month) as month_no,
        (u_industry + date_diff('month', date '2015-01-01', month) * 577) % 1000 as jitter,
        (u_when * 3 + date_diff('month', date '2015-01-01', month) * 211) % 1000 as mood,
        least(900, greatest(150, 350 + risk * 150 // 1000)) as swing,
        least(12, greatest(-20, 3 - risk * 6 // 1000)) as growth
    from months
),

sold as (
    select
        *,
        revenue_cents // 12
        * (1000 + (jitter - 500) * swing // 500) // 1000
        * greatest(200, 1000 + (month_no - 130) * growth) // 1000
        * case when month_end > trouble_on then 400 else 1000 end // 1000 as sales
    from moods
    -- A month in forty is without trade; of the risky ones more.
    where (u_industry * 7 + month_no * 389) % 1000 >= least(300, greatest(5, 25 + risk * 25 // 1000))
),

counted as (
    select
        *,
        sales * least(9000, greatest(20, 80 + risk * 60 // 1000 + mood // 10)) // 10000 as sales_returns,
        sales
        * least(14000, greatest(3000, 6800 + u_industry % 1500 + risk * 500 // 1000 + (mood - 500) * 2))
        // 10000 as purchases,
        5 + least(400, sales // 3000000) as invoices,
        u_when % 4 > 0 as is_detailed
    from sold
)

select
    borrower_id,
    month,
    currency,
    sales as sales_cents,
    sales_returns as sales_returns_cents,
    purchases as purchases_cents,
    purchases * (mood % 90) // 10000 as purchase_returns_cents,
    case when is_detailed then cast(invoices as integer) end as sales_invoices,
    case
        when is_detailed
            then cast(invoices * greatest(0, 300 + risk * 150 // 1000 + jitter % 400) // 10000 as integer)
    end as void_sales_invoices,
    case when is_detailed then cast(1 + invoices // 3 as integer) end as customers,
    case
        when is_detailed
            then sales * least(10000, greatest(500, 1500 + u_industry % 5000 + mood)) // 10000
    end as largest_customer_cents,
    case when is_detailed then cast(1 + invoices // 8 as integer) end as suppliers,
    case
        when is_detailed
            then purchases * least(10000, greatest(800, 2500 + u_when % 5000 + jitter)) // 10000
    end as largest_supplier_cents,
    cast(month_end + 1 as timestamp) + interval 5 hour as recorded_at
from counted
order by borrower_id, month
