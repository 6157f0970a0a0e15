-- One row per pair of what a first and a second reader, who did not see the first's answer, said of a line;
-- with it, of how many borrowers all such lines are.
with twice as (
    select
        reading.borrower_id,
        reading_line.first_outcome,
        reading_line.outcome
    from reading
    inner join reading_line on reading.number = reading_line.number
    where reading.event in ('agreed', 'disagreed') and reading_line.first_outcome is not null
)

select
    twice.first_outcome,
    twice.outcome as second_outcome,
    count(*) as lines,
    (select count(distinct every.borrower_id) from twice as every) as all_borrowers
from twice
group by twice.first_outcome, twice.outcome
order by twice.first_outcome, twice.outcome
