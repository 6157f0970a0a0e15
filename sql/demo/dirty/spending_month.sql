-- One row per borrower and month (its first day): the sound rows, with those spoiled that bad_row names.
select
    coalesce(b.e1, t.borrower_id) as borrower_id,
    coalesce(cast(b.e2 as date), t.month) as month,
    case b.kind
        when 'essential_spending_is_given' then null
        when 'essential_spending_is_not_negative' then -1
        when 'spending_month_amounts_are_computable' then 1000000000000000
        else t.essential_cents
    end as essential_cents,
    case b.kind
        when 'discretionary_spending_is_given' then null
        when 'discretionary_spending_is_not_negative' then -1
        else t.discretionary_cents
    end as discretionary_cents,
    case b.kind
        when 'cash_like_spending_is_given' then null
        when 'cash_like_spending_is_not_negative' then -1
        else t.cash_like_cents
    end as cash_like_cents,
    t.recorded_at
from spending_month as t
left join bad_row as b
    on
        b.table_name = 'spending_month' and b.k1 = t.borrower_id
        and b.k2 = cast(t.month as varchar)
where b.kind is distinct from 'spending_months_have_no_gap'
order by 1, 2
