-- One row per borrower and day a bureau report was pulled: the sound rows, with those spoiled that bad_row
-- names.
select
    coalesce(b.e1, t.borrower_id) as borrower_id,
    coalesce(cast(b.e2 as date), t.pulled_on) as pulled_on,
    t.provider,
    t.report_id,
    case b.kind when 'bureau_lender_count_is_not_negative' then -1 else t.lender_count end as lender_count,
    case b.kind
        when 'bureau_external_balance_is_not_negative' then -1
        when 'bureau_report_amounts_are_computable' then 1000000000000000
        else t.external_balance_cents
    end as external_balance_cents,
    case b.kind
        when 'bureau_external_limit_is_not_negative' then -1
        else t.external_limit_cents
    end as external_limit_cents,
    case b.kind
        when 'bureau_unsecured_revolving_is_not_negative' then -1
        else t.unsecured_revolving_cents
    end as unsecured_revolving_cents,
    case b.kind
        when 'bureau_monthly_payment_is_not_negative' then -1
        else t.monthly_payment_cents
    end as monthly_payment_cents,
    case b.kind when 'bureau_inquiries_6m_is_not_negative' then -1 else t.inquiries_6m end as inquiries_6m,
    case b.kind
        when 'bureau_worst_dpd_now_is_not_negative' then -1
        when 'bureau_worst_dpd_24m_is_not_negative' then null
        when 'worst_dpd_covers_today' then t.worst_dpd_24m + 10
        else t.worst_dpd_now
    end as worst_dpd_now,
    case b.kind
        when 'bureau_worst_dpd_24m_is_not_negative' then -1
        else t.worst_dpd_24m
    end as worst_dpd_24m,
    case b.kind
        when 'bureau_public_record_count_is_not_negative' then -1
        else t.public_record_count
    end as public_record_count,
    t.disputed,
    t.excludes_us,
    t.recorded_at
from bureau_report as t
left join bad_row as b
    on
        b.table_name = 'bureau_report' and b.k1 = t.borrower_id
        and b.k2 = cast(t.pulled_on as varchar)
order by 1, 2
