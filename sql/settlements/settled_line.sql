-- One row per line of the cases that are settled, with the first day of its change and of its letter. A fall
-- comes no sooner than the borrower has been told.
select
    reviewed_line.*,
    cast($settled_on as date) + case
        when reviewed_line.action = 'decrease'
            then cast(coalesce(greatest(
                reviewed_line.notice_days, reviewed_line.law_notice_days
            ), 0) as integer)
        else 0
    end as effective_on,
    case
        when reviewed_line.action in ('decrease', 'freeze')
            then cast($settled_on as date) - 1 + cast(reviewed_line.law_deadline_days as integer)
    end as deadline_on
from reviewed_line
where reviewed_line.case_id not in (select sent_back.case_id from sent_back)
order by reviewed_line.facility_id
