-- One row per kind of case: how many borrowers of tonight's referred lines have no case open yet. Their case
-- is of the most thorough kind that a line of theirs asks for.
with referred as (
    select
        decisions.borrower_id,
        bool_or(
            list_has_any(decisions.triggers, cast($site_triggers as varchar[]))
            or list_has_any(decisions.triggers, meeting_of_segment.site_visit)
        ) as asks_visit,
        bool_or(
            list_has_any(decisions.triggers, cast($interview_triggers as varchar[]))
            or list_has_any(decisions.triggers, meeting_of_segment.interview)
        ) as asks_interview
    from decisions
    left join meeting_of_segment on decisions.segment = meeting_of_segment.segment
    anti join open_case on decisions.borrower_id = open_case.borrower_id
    where decisions.route = 'referred'
    group by decisions.borrower_id
)

select
    case
        when referred.asks_visit then 'site_visit'
        when referred.asks_interview then 'interview'
        else 'desk_review'
    end as kind,
    count(*) as cases
from referred
group by kind
order by kind
