-- One row per line that is set back, with its first day: no sooner than the change that it takes back, and a
-- fall no sooner than the borrower is told (the longest notice of the policy where the segment is not known).
with longest as (
    select max(segment_notice.notice_days) as notice_days from segment_notice
)

select
    changed_line.*,
    greatest(
        changed_line.wrong_effective_on,
        cast($as_of as date) + 1
        + case
            when changed_line.restored_limit_cents >= changed_line.limit_cents then 0
            else cast(coalesce(
                segment_notice.notice_days, longest.notice_days, 0
            ) as integer)
        end
    ) as effective_on
from changed_line
cross join longest
left join segment_notice on changed_line.segment = segment_notice.segment
where changed_line.left_because is null
order by changed_line.facility_id
