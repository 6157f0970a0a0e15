-- One row per line and record of law on persistent debt that holds: over so many closed months, all on
-- record, more was paid in interest and fees than in principal, and not a trifle.
with month_back as (
    select
        facility_month.*,
        lines.borrower_id,
        lines.rate_ppm,
        date_diff('month', facility_month.month, night.as_of + 1) - 1 as months_ago
    from facility_month
    cross join night
    inner join lines on facility_month.facility_id = lines.facility_id
    where
        facility_month.month + interval 1 month - interval 1 day <= night.as_of
        and lines.borrower_id in (
            select law_borrower.borrower_id
            from law_borrower
            inner join law_record on law_borrower.pack = law_record.pack
            where law_record.measure = 'persistent_debt_months'
        )
)

select
    month_back.facility_id,
    law_record.ordinal
from month_back
inner join law_borrower on month_back.borrower_id = law_borrower.borrower_id
inner join
    law_record
    on
        law_borrower.pack = law_record.pack
        and law_record.measure = 'persistent_debt_months'
        and month_back.months_ago < law_record.value
where month_back.interest_fees_cents is not null and month_back.principal_paid_cents is not null
group by
    month_back.facility_id, month_back.rate_ppm, law_record.ordinal, law_record.value, law_record.least_cents
having
    count(*) = law_record.value
    and cast(sum(month_back.interest_fees_cents) as bigint)
    > cast(sum(month_back.principal_paid_cents) as bigint)
    and quotient(
        cast(cast(sum(month_back.interest_fees_cents) as bigint) as hugeint) * month_back.rate_ppm, 1000000
    )
    >= coalesce(law_record.least_cents, 0)
