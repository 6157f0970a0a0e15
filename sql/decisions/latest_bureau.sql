-- One row per borrower with a bureau report: the last one pulled by as_of. A disputed one counts as unknown,
-- and so do its payments where they hold what is paid to us.
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
from bureau_report, night
where bureau_report.pulled_on <= night.as_of
qualify row_number() over (
    partition by bureau_report.borrower_id order by bureau_report.pulled_on desc
) = 1
