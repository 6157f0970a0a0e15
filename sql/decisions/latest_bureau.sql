-- One row per borrower with a bureau report: the last one pulled by as_of, of which there is one a day (a
-- promise). A disputed one counts as unknown, and so do its payments where they hold what is paid to us.
with newest as (
    select
        bureau_report.borrower_id,
        max(bureau_report.pulled_on) as pulled_on
    from bureau_report
    where bureau_report.pulled_on <= (select night.as_of from night)
    group by bureau_report.borrower_id
)

select
    bureau_report.borrower_id,
    bureau_report.pulled_on,
    case
        when not coalesce(bureau_report.disputed, false) and coalesce(bureau_report.excludes_us, true)
            then bureau_report.monthly_payment_cents
    end as monthly_payment_cents,
    case when bureau_report.disputed then null else bureau_report.worst_dpd_now end as worst_dpd_now,
    case when bureau_report.disputed then null else bureau_report.public_record_count end
        as public_record_count
from bureau_report
inner join
    newest
    on bureau_report.borrower_id = newest.borrower_id and bureau_report.pulled_on = newest.pulled_on
