-- One row: lines on which the system of record does not yet show what is in force, and of these the ones that
-- it should have shown before the night.
select
    cast(count(*) as bigint) as lines,
    cast(count(*) filter (where past_decision.expected_on < past_decision.decided_on) as bigint) as overdue
from past_decision
where past_decision.expected_on is not null
