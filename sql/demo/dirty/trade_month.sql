-- One row per borrower and month (its first day): the sound rows, with those spoiled that bad_row names.
select
    coalesce(b.e1, t.borrower_id) as borrower_id,
    coalesce(cast(b.e2 as date), t.month) as month,
    case b.kind when 'trade_currency_is_three_capitals' then 'yuan' else t.currency end as currency,
    case b.kind
        when 'trade_sales_are_given' then null
        when 'trade_sales_are_not_negative' then -1
        else t.sales_cents
    end as sales_cents,
    case b.kind
        when 'trade_sales_returns_are_given' then null
        when 'trade_sales_returns_are_not_negative' then -1
        else t.sales_returns_cents
    end as sales_returns_cents,
    case b.kind
        when 'trade_purchases_are_given' then null
        when 'trade_purchases_are_not_negative' then -1
        else t.purchases_cents
    end as purchases_cents,
    case b.kind
        when 'trade_purchase_returns_are_given' then null
        when 'trade_purchase_returns_are_not_negative' then -1
        when 'trade_month_amounts_are_computable' then 1000000000000000
        else t.purchase_returns_cents
    end as purchase_returns_cents,
    case b.kind when 'void_invoices_lie_within_all' then 0 else t.sales_invoices end as sales_invoices,
    case b.kind when 'void_invoices_lie_within_all' then 1 else t.void_sales_invoices end
        as void_sales_invoices,
    case b.kind when 'trade_counts_are_not_negative' then -1 else t.customers end as customers,
    case b.kind
        when 'trade_sales_are_not_negative' then null
        when 'largest_customer_lies_within_sales' then t.sales_cents + 1
        else t.largest_customer_cents
    end as largest_customer_cents,
    t.suppliers,
    case b.kind
        when 'trade_purchases_are_not_negative' then null
        when 'largest_supplier_lies_within_purchases' then t.purchases_cents + 1
        else t.largest_supplier_cents
    end as largest_supplier_cents,
    t.recorded_at
from trade_month as t
left join bad_row as b
    on b.table_name = 'trade_month' and b.k1 = t.borrower_id and b.k2 = cast(t.month as varchar)
order by 1, 2
