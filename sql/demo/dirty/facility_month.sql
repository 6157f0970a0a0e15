-- One row per credit line and closed month (its first day): the sound rows, with those spoiled that
-- bad_row names.
select
    coalesce(b.e1, t.facility_id) as facility_id,
    coalesce(cast(b.e2 as date), t.month) as month,
    case b.kind
        when 'month_closing_balance_is_given' then null
        else t.closing_balance_cents
    end as closing_balance_cents,
    case b.kind when 'month_limit_is_given' then null else t.limit_cents end as limit_cents,
    case b.kind
        when 'month_payment_due_is_given' then null
        else t.payment_due_cents
    end as payment_due_cents,
    case b.kind
        when 'month_payment_made_is_given' then null
        when 'month_payment_made_is_not_negative' then -1
        else t.payment_made_cents
    end as payment_made_cents,
    case b.kind
        when 'month_days_past_due_is_given' then null
        when 'month_days_past_due_is_plausible' then -1
        else t.days_past_due
    end as days_past_due,
    case b.kind
        when 'month_drawdown_count_is_given' then null
        when 'month_drawdown_count_is_not_negative' then -1
        else t.drawdown_count
    end as drawdown_count,
    case b.kind
        when 'month_drawdown_is_given' then null
        when 'month_drawdown_is_not_negative' then -1
        else t.drawdown_cents
    end as drawdown_cents,
    t.interest_fees_cents,
    t.principal_paid_cents,
    case b.kind
        when 'facility_month_amounts_are_computable' then 1000000000000000
        else t.average_balance_cents
    end as average_balance_cents,
    t.recorded_at
from facility_month as t
left join bad_row as b
    on
        b.table_name = 'facility_month' and b.k1 = t.facility_id
        and b.k2 = cast(t.month as varchar)
where b.kind is distinct from 'facility_months_have_no_gap'
order by 1, 2
