-- One row per line of a reading whose proposed limit differs from the one that stood: whether the answer
-- overrides the proposal. Another limit that is the proposed one does not.
select
    reading.*,
    reading_line.facility_id,
    reading_line.grade,
    reading_line.triggers,
    reading_line.proposed_limit_cents < reading_line.standing_limit_cents as is_decrease,
    reading_line.outcome <> 'approve' and not (
        reading_line.outcome = 'another_limit'
        and coalesce(reading_line.limit_cents = reading_line.proposed_limit_cents, false)
    ) as overridden
from reading
inner join reading_line on reading.number = reading_line.number
where
    reading.event in ('decided', 'agreed', 'disagreed')
    and reading_line.proposed_limit_cents <> reading_line.standing_limit_cents
