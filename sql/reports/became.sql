-- One row per window of days, direction of the proposal and whether it was overridden: of how many decided
-- lines so many days have passed, and what the nights of these days found of them. A line that was late when
-- it was decided cannot become so. The batch that took the decision in is no further decrease.
with decided as (
    select
        reading_proposal.number,
        reading_proposal.facility_id,
        reading_proposal.borrower_id,
        reading_proposal.is_decrease,
        reading_proposal.overridden,
        reading_proposal.answered_on,
        reading_proposal.settled_by,
        later_night.as_of as base_on
    from reading_proposal
    asof inner join later_night on reading_proposal.answered_on > later_night.as_of
    where reading_proposal.event = 'decided' and reading_proposal.stands
),

windowed as (
    select
        decided.*,
        span.days
    from decided
    cross join (select unnest(cast($windows as integer[])) as days) as span
    where decided.answered_on + span.days <= cast($newest as date)
),

seen as (
    select
        windowed.number,
        windowed.facility_id,
        windowed.borrower_id,
        windowed.days,
        windowed.is_decrease,
        windowed.overridden,
        coalesce(bool_or(
            later_sign.sign = 'late' and later_sign.as_of = windowed.base_on
        ), false) as was_late,
        coalesce(bool_or(
            later_sign.sign = 'late'
            and later_sign.as_of between windowed.answered_on and windowed.answered_on + windowed.days
        ), false) as became_late,
        coalesce(bool_or(
            later_sign.sign = 'decreased'
            and later_sign.as_of between windowed.answered_on and windowed.answered_on + windowed.days
            and later_sign.batch_seq is distinct from windowed.settled_by
        ), false) as decreased,
        coalesce(bool_or(
            later_sign.sign = 'closed'
            and later_sign.as_of between windowed.answered_on and windowed.answered_on + windowed.days
        ), false) as closed
    from windowed
    left join later_sign on windowed.facility_id = later_sign.facility_id
    group by
        windowed.number, windowed.facility_id, windowed.borrower_id, windowed.days, windowed.is_decrease,
        windowed.overridden
)

select
    seen.days,
    seen.is_decrease,
    seen.overridden,
    count(*) as lines,
    count(distinct seen.borrower_id) as borrowers,
    count(*) filter (where not seen.was_late) as not_late,
    count(*) filter (where seen.became_late and not seen.was_late) as became_late,
    count(*) filter (where seen.decreased) as decreased,
    count(*) filter (where seen.closed) as closed
from seen
group by seen.days, seen.is_decrease, seen.overridden
order by seen.days, seen.is_decrease desc, seen.overridden desc
