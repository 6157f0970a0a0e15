-- One row per currency, group of lines and cause of the limits that move tonight: by how much it cuts, by how
-- much it raises, and the lines and borrowers whose limits it moves. Groups are all lines, each segment and
-- each grade (or slot).
with grouped as (
    select
        cause_part.*,
        unnest(['all', 'segment', 'grade']) as by_what,
        unnest([1, 2, 3]) as by_place,
        unnest(['all', cause_part.segment, cause_part.grade]) as part
    from cause_part
)

select
    grouped.currency,
    grouped.by_what,
    grouped.part,
    grouped.cause,
    cast(sum(least(grouped.cents, 0)) as bigint) as cut_cents,
    cast(sum(greatest(grouped.cents, 0)) as bigint) as raised_cents,
    count(*) filter (where grouped.cents < 0) as cut_lines,
    count(*) filter (where grouped.cents > 0) as raised_lines,
    count(distinct grouped.borrower_id) filter (where grouped.cents < 0) as cut_borrowers,
    count(distinct grouped.borrower_id) filter (where grouped.cents > 0) as raised_borrowers
from grouped
group by
    grouped.currency, grouped.by_what, grouped.by_place, grouped.part, grouped.cause, grouped.place
order by grouped.currency, grouped.by_place, grouped.part, grouped.place
