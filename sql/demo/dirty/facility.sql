-- One row per credit line: the sound rows, with those spoiled that bad_row names.
select
    coalesce(b.e1, t.facility_id) as facility_id,
    case b.kind
        when 'facility_borrower_is_given' then null
        when 'facility_has_its_borrower' then 'unknown'
        else t.borrower_id
    end as borrower_id,
    case b.kind
        when 'product_is_given' then null
        when 'product_is_known' then 'mortgage'
        else t.product
    end as product,
    case b.kind
        when 'currency_is_given' then null
        when 'currency_is_three_capitals' then 'yuan'
        when 'foreign_currency_has_a_rate' then 'XTS'
        else t.currency
    end as currency,
    case b.kind
        when 'credit_limit_is_given' then null
        when 'limit_agrees_with_last_month' then t.credit_limit_cents + 10000
        else t.credit_limit_cents
    end as credit_limit_cents,
    case b.kind
        when 'drawn_is_given' then null
        when 'balance_agrees_with_last_month' then t.drawn_cents + 1
        else t.drawn_cents
    end as drawn_cents,
    case b.kind
        when 'facility_amounts_are_computable' then 1000000000000000
        else t.pending_cents
    end as pending_cents,
    case b.kind when 'annual_rate_is_plausible' then -1 else t.annual_rate_bp end as annual_rate_bp,
    case b.kind
        when 'opened_on_is_a_past_day' then cast($as_of as date) + 1
        else t.opened_on
    end as opened_on,
    case b.kind when 'maturity_follows_opening' then t.opened_on - 1 else t.matures_on end as matures_on,
    case b.kind
        when 'status_is_given' then null
        when 'status_is_known' then 'open'
        else t.status
    end as status,
    case b.kind
        when 'days_past_due_is_plausible' then -1
        when 'days_past_due_agree_with_last_month' then 500
        else t.days_past_due
    end as days_past_due,
    t.past_due_cents,
    t.minimum_due_cents,
    case b.kind when 'statement_day_is_a_day' then 45 else t.statement_day end as statement_day,
    case b.kind
        when 'last_limit_change_is_past' then cast($as_of as date) + 1
        when 'limit_agrees_with_last_month' then t.opened_on
        else t.last_limit_change_on
    end as last_limit_change_on,
    case b.kind when 'last_change_by_is_known' then 'bank' else t.last_change_by end as last_change_by,
    case b.kind
        when 'last_review_is_past' then cast($as_of as date) + 1
        else t.last_reviewed_on
    end as last_reviewed_on,
    t.drawdown_blocked,
    t.block_code,
    case b.kind when 'commitment_is_known' then 'maybe' else t.commitment end as commitment,
    t.revolving,
    case b.kind
        when 'scheduled_limit_is_not_negative' then -1
        else t.scheduled_limit_cents
    end as scheduled_limit_cents,
    case b.kind
        when 'temporary_limit_is_not_negative' then -1
        else t.temporary_limit_cents
    end as temporary_limit_cents,
    t.temporary_until,
    t.recorded_at
from facility as t
left join bad_row as b
    on
        b.table_name = 'facility' and b.k1 = t.facility_id
order by 1
