-- One row per client's credit card and month, April to September 2005.
-- Days past due: a code of 1 to 9 says as many months late, 30 days each; -2 (no use), -1 (paid in full)
-- and 0 (revolving) are not late; any other is unknown. Not in the data, and so estimated: the payment
-- due is a twentieth of the statement before (the share paid most often by those who did not pay all of
-- it), 0 where that owed nothing or is not in the data (April); what was drawn is the rise of the balance
-- plus what was paid, never below 0, and 0 in April; one drawing where anything was drawn. The limit of
-- every month is the only one known.
with months as (
    select
        id,
        limit_bal as limit_ntd,
        unnest([
            struct_pack(month := date '2005-09-01', code := pay_0, bill := bill_amt1, paid := pay_amt1),
            struct_pack(month := date '2005-08-01', code := pay_2, bill := bill_amt2, paid := pay_amt2),
            struct_pack(month := date '2005-07-01', code := pay_3, bill := bill_amt3, paid := pay_amt3),
            struct_pack(month := date '2005-06-01', code := pay_4, bill := bill_amt4, paid := pay_amt4),
            struct_pack(month := date '2005-05-01', code := pay_5, bill := bill_amt5, paid := pay_amt5),
            struct_pack(month := date '2005-04-01', code := pay_6, bill := bill_amt6, paid := pay_amt6)
        ]) as seen,
        unnest([bill_amt2, bill_amt3, bill_amt4, bill_amt5, bill_amt6, null]) as bill_before
    from source
)

select
    printf('UCI%05d', id) as facility_id,
    seen.month,
    seen.bill * 100 as closing_balance_cents,
    limit_ntd * 100 as limit_cents,
    case when bill_before > 0 then bill_before * 5 else 0 end as payment_due_cents,
    seen.paid * 100 as payment_made_cents,
    case
        when seen.code between 1 and 9 then cast(seen.code * 30 as integer)
        when seen.code between -2 and 0 then 0
    end as days_past_due,
    case when seen.bill - bill_before + seen.paid > 0 then 1 else 0 end as drawdown_count,
    case
        when seen.bill - bill_before + seen.paid > 0 then (seen.bill - bill_before + seen.paid) * 100 else 0
    end as drawdown_cents
from months
order by facility_id, seen.month
