-- One row per borrower and month (its first day).
create table trade_month (
    borrower_id varchar not null,
    month date not null,
    currency varchar,
    sales_cents bigint not null,
    sales_returns_cents bigint not null,
    purchases_cents bigint not null,
    purchase_returns_cents bigint not null,
    sales_invoices integer,
    void_sales_invoices integer,
    customers integer,
    largest_customer_cents bigint,
    suppliers integer,
    largest_supplier_cents bigint,
    recorded_at timestamp,
    primary key (borrower_id, month)
)
