-- One row per reading: the seconds from when the case was taken, or began to wait, to the answer, and those
-- that can have been spent on it at most. Nobody reads a case before they answered the last, and who answers
-- several at once has shared the time out among them, rounded down. Fast is what nobody can have read.
with act as (
    select
        reading.reader,
        reading.at_s,
        count(*) as cases,
        lag(reading.at_s) over (partition by reading.reader order by reading.at_s) as before_s
    from reading
    group by reading.reader, reading.at_s
)

select
    reading.number,
    reading.borrower_id,
    reading.kind,
    reading.event,
    reading.reader,
    reading.taken,
    greatest(reading.at_s - reading.began_s, 0) as waited_s,
    greatest(reading.at_s - greatest(reading.began_s, coalesce(act.before_s, reading.began_s)), 0)
    // act.cases as spent_s,
    plausible.seconds as plausible_s,
    spent_s < plausible.seconds as is_fast
from reading
inner join act on reading.reader = act.reader and reading.at_s = act.at_s
inner join plausible on reading.kind = plausible.kind
where reading.event in ('decided', 'agreed', 'disagreed')
