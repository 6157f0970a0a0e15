-- One row per kind of case and whether somebody had taken it before: how long it took from then, or from when
-- it began to wait, until it was decided. The median is the lower of two in the middle, the ninetieth
-- percentile the least time in which nine tenths were decided.
with ranked as (
    select
        reading_time.kind,
        reading_time.taken,
        reading_time.borrower_id,
        reading_time.waited_s,
        row_number() over (
            partition by reading_time.kind, reading_time.taken
            order by reading_time.waited_s, reading_time.number
        ) as place,
        count(*) over (partition by reading_time.kind, reading_time.taken) as decisions
    from reading_time
    where reading_time.event = 'decided'
)

select
    ranked.kind,
    ranked.taken,
    count(*) as decisions,
    count(distinct ranked.borrower_id) as borrowers,
    max(ranked.waited_s) filter (where ranked.place = (ranked.decisions + 1) // 2) as median_s,
    max(ranked.waited_s) filter (where ranked.place = (ranked.decisions * 9 + 9) // 10) as ninetieth_s
from ranked
group by ranked.kind, ranked.taken
order by ranked.kind, ranked.taken desc
