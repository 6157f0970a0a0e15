-- One row per person who reads cases: of how many lines with a proposal, and of how many borrowers, they said
-- what is to become, of how many of these something else than proposed; how many cases they read, how many
-- of these faster than anybody can, and how many they put off.
with answered as (
    select
        reading_proposal.reader,
        count(*) as lines,
        count(distinct reading_proposal.borrower_id) as borrowers,
        count(*) filter (where reading_proposal.overridden) as overridden
    from reading_proposal
    group by reading_proposal.reader
),

paced as (
    select
        reading_time.reader,
        count(*) as readings,
        count(*) filter (where reading_time.is_fast) as fast
    from reading_time
    group by reading_time.reader
)

select
    reading.reader,
    coalesce(max(answered.lines), 0) as lines,
    coalesce(max(answered.borrowers), 0) as borrowers,
    coalesce(max(answered.overridden), 0) as overridden,
    coalesce(max(paced.readings), 0) as readings,
    coalesce(max(paced.fast), 0) as fast,
    count(*) filter (where reading.event = 'decided') as first_readings,
    count(*) filter (where reading.event in ('agreed', 'disagreed')) as second_readings,
    count(*) filter (where reading.event in ('more_asked', 'sent_on')) as put_off
from reading
left join answered on reading.reader = answered.reader
left join paced on reading.reader = paced.reader
group by reading.reader
order by lines desc, reading.reader
