-- One row per borrower and record of law on debt beside income that holds: the last report of each of so many
-- calendar months in a row, up to the newest, exceeds it.
with monthly as (
    select
        bureau_report.borrower_id,
        date_trunc('month', bureau_report.pulled_on) as month,
        case when not coalesce(bureau_report.disputed, false) then bureau_report.unsecured_revolving_cents end
            as debt_cents
    from bureau_report, night
    where
        bureau_report.pulled_on <= night.as_of
        and bureau_report.borrower_id in (
            select law_borrower.borrower_id
            from law_borrower
            inner join law_record on law_borrower.pack = law_record.pack
            where law_record.measure = 'debt_income_months'
        )
    qualify row_number() over (
        partition by bureau_report.borrower_id, date_trunc('month', bureau_report.pulled_on)
        order by bureau_report.pulled_on desc
    ) = 1
),

placed as (
    select
        monthly.*,
        date_diff('month', monthly.month, max(monthly.month) over (partition by monthly.borrower_id))
            as months_before
    from monthly
)

select
    placed.borrower_id,
    law_record.ordinal
from placed
inner join law_borrower on placed.borrower_id = law_borrower.borrower_id
inner join
    law_record
    on
        law_borrower.pack = law_record.pack
        and law_record.measure = 'debt_income_months'
        and placed.months_before < law_record.for_months
where
    cast(placed.debt_cents as hugeint) * 12
    > cast(law_borrower.annual_income_cents as hugeint) * law_record.value
group by placed.borrower_id, law_record.ordinal, law_record.for_months
having count(*) = law_record.for_months
