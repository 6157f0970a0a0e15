-- One row per line with a promise that stands: what its borrower has done against it since, from a closed
-- list (paid late here or elsewhere, a new public record, a bankruptcy, fraud, what was asked not done);
-- whether rows are missing to tell; and the limit, if it is to be kept tonight.
with month as (
    select
        past_promise.facility_id,
        max(facility_month.month) as last_month,
        coalesce(max(facility_month.days_past_due), 0) > 0 as was_late,
        coalesce(bool_or(
            past_promise.amount_cents is not null
            and facility_month.closing_balance_cents > greatest(
                past_promise.drawn_cents - past_promise.amount_cents * greatest(
                    date_diff('month', past_promise.pay_on, facility_month.month) + 1, 0
                ),
                0
            )
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
        coalesce(bureau_report.worst_dpd_now, 0) as worst_dpd,
        coalesce(bureau_report.public_record_count, 0) as records
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

elsewhere as (
    select
        reported.facility_id,
        coalesce(max(reported.worst_dpd) filter (where reported.is_later), 0) >= 30
        and coalesce(max(reported.worst_dpd) filter (where not reported.is_later), 0) < 30 as was_late,
        coalesce(max(reported.records) filter (where reported.is_later), 0)
        > coalesce(max(reported.records) filter (where not reported.is_later), 0) as has_new_record
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

judged as (
    select
        past_promise.facility_id,
        past_promise.limit_cents as promised_cents,
        night.as_of >= past_promise.due_on as is_due,
        case
            when coalesce(facility.days_past_due, 0) > 0 or coalesce(month.was_late, false) then 'late'
            when coalesce(elsewhere.was_late, false) then 'late_elsewhere'
            when coalesce(elsewhere.has_new_record, false) then 'public_record'
            when bankrupt.facility_id is not null then 'bankruptcy'
            when borrower.fraud_flag in ('suspected', 'first_party') then 'fraud'
            when coalesce(month.was_not_paid, false) then 'not_paid'
            when
                contains(past_promise.code, 'prove_income') and night.as_of > past_promise.pay_on + 31
                and not coalesce(
                    borrower.income_kind = 'verified'
                    and borrower.income_verified_on > past_promise.made_on,
                    false
                )
                then 'not_proven'
        end as broken_because,
        facility.facility_id is null or borrower.borrower_id is null
        or coalesce(last_day(month.last_month), past_promise.made_on)
        < cast(date_trunc('month', night.as_of + 1) as date) - 1
        and cast(date_trunc('month', night.as_of + 1) as date) - 1 > past_promise.made_on as is_missing
    from past_promise
    cross join night
    left join facility on past_promise.facility_id = facility.facility_id
    left join borrower on past_promise.borrower_id = borrower.borrower_id
    left join month on past_promise.facility_id = month.facility_id
    left join elsewhere on past_promise.facility_id = elsewhere.facility_id
    left join bankrupt on past_promise.facility_id = bankrupt.facility_id
)

select
    judged.*,
    case
        when judged.is_due and judged.broken_because is null and not judged.is_missing
            then judged.promised_cents
    end as due_promise_cents
from judged
order by judged.facility_id
