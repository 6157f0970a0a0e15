-- One row per line with a promise that stands: what its borrower has done against it since, from a closed
-- list (paid late here or elsewhere, a new public record, a bankruptcy, fraud, what was asked not done);
-- whether rows are missing to tell, or a proof may still come; and the limit, if it is to be kept tonight.
with month as (
    select
        past_promise.facility_id,
        count(*) as months,
        coalesce(max(facility_month.days_past_due), 0) > 0 as was_late,
        coalesce(bool_or(
            past_promise.amount_cents is not null
            and last_day(facility_month.month) between past_promise.pay_on and past_promise.by_on
            and facility_month.closing_balance_cents > 0
            and facility_month.payment_made_cents
            < facility_month.payment_due_cents + past_promise.amount_cents
        ), false) as was_not_paid
    from past_promise
    inner join facility_month on past_promise.facility_id = facility_month.facility_id
    cross join night
    where
        last_day(facility_month.month) > past_promise.made_on
        and last_day(facility_month.month) <= night.as_of
    group by past_promise.facility_id
),

reported as (
    select
        past_promise.facility_id,
        bureau_report.pulled_on > past_promise.made_on as is_later,
        bureau_report.worst_dpd_now as worst_dpd,
        bureau_report.public_record_count as records
    from past_promise
    inner join bureau_report on past_promise.borrower_id = bureau_report.borrower_id
    cross join night
    where
        bureau_report.pulled_on <= night.as_of and coalesce(bureau_report.disputed, false) = false
    qualify
        row_number() over (
            partition by past_promise.facility_id, bureau_report.pulled_on > past_promise.made_on
            order by bureau_report.pulled_on desc
        ) = 1
),

-- What nobody had reported before is not known to be new.
elsewhere as (
    select
        reported.facility_id,
        coalesce(
            max(reported.worst_dpd) filter (where reported.is_later) >= 30
            and max(reported.worst_dpd) filter (where not reported.is_later) < 30,
            false
        ) as was_late,
        coalesce(
            max(reported.records) filter (where reported.is_later)
            > max(reported.records) filter (where not reported.is_later),
            false
        ) as has_new_record
    from reported
    group by reported.facility_id
),

bankrupt as (
    select distinct past_promise.facility_id
    from past_promise
    inner join treatment on past_promise.borrower_id = treatment.borrower_id
    cross join night
    where
        treatment.kind = 'bankruptcy' and treatment.valid_from > past_promise.made_on
        and treatment.valid_from <= night.as_of
),

known as (
    select
        past_promise.*,
        night.as_of,
        facility.facility_id is null or borrower.borrower_id is null or facility.days_past_due is null
        or coalesce(month.months, 0) < date_diff(
            'month', date_trunc('month', past_promise.made_on + 1), date_trunc('month', night.as_of + 1)
        ) as lacks_rows,
        contains(past_promise.code, 'prove_income') and not coalesce(
            borrower.income_kind = 'verified' and borrower.income_verified_on > past_promise.made_on, false
        ) as is_unproven,
        coalesce(facility.days_past_due, 0) > 0 or coalesce(month.was_late, false) as was_late,
        coalesce(elsewhere.was_late, false) as was_late_elsewhere,
        coalesce(elsewhere.has_new_record, false) as has_new_record,
        bankrupt.facility_id is not null as is_bankrupt,
        coalesce(borrower.fraud_flag in ('suspected', 'first_party'), false) as is_fraud,
        coalesce(month.was_not_paid, false) as was_not_paid
    from past_promise
    cross join night
    left join facility
        on past_promise.facility_id = facility.facility_id and past_promise.borrower_id = facility.borrower_id
    left join borrower on past_promise.borrower_id = borrower.borrower_id
    left join month on past_promise.facility_id = month.facility_id
    left join elsewhere on past_promise.facility_id = elsewhere.facility_id
    left join bankrupt on past_promise.facility_id = bankrupt.facility_id
),

judged as (
    select
        known.facility_id,
        known.limit_cents as promised_cents,
        known.is_offered,
        known.as_of >= known.due_on as is_due,
        case
            when known.was_late then 'late'
            when known.was_late_elsewhere then 'late_elsewhere'
            when known.has_new_record then 'public_record'
            when known.is_bankrupt then 'bankruptcy'
            when known.is_fraud then 'fraud'
            when known.was_not_paid then 'not_paid'
            when known.is_unproven and known.as_of > known.pay_on + 31 then 'not_proven'
        end as broken_because,
        known.lacks_rows or known.is_unproven as is_missing
    from known
)

select
    judged.*,
    case
        when judged.is_due and judged.broken_because is null and not judged.is_missing
            then judged.promised_cents
    end as due_promise_cents,
    judged.is_due and judged.broken_because is null and not judged.is_missing and not judged.is_offered
        as promise_is_due
from judged
order by judged.facility_id
