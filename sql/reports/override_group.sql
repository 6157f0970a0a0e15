-- One row per trigger, and one per grade, of decided lines that had a proposal: how many there are, of how
-- many borrowers, and how many were overridden. Those of fewer than `fewest` borrowers stand in one row with
-- the smallest of the others, so that no difference of two numbers gives them away; where that is not enough,
-- in none. A line with several triggers is counted under each of them.
with coded as (
    select
        'grade' as parted_by,
        coalesce(reading_proposal.grade, 'none') as code,
        reading_proposal.number,
        reading_proposal.facility_id,
        reading_proposal.borrower_id,
        reading_proposal.overridden
    from reading_proposal
    where reading_proposal.event = 'decided'
    union all
    select
        'trigger' as parted_by,
        unnest(reading_proposal.triggers) as code,
        reading_proposal.number,
        reading_proposal.facility_id,
        reading_proposal.borrower_id,
        reading_proposal.overridden
    from reading_proposal
    where reading_proposal.event = 'decided'
),

counted as (
    select
        coded.parted_by,
        coded.code,
        count(distinct coded.borrower_id) as borrowers
    from coded
    group by coded.parted_by, coded.code
),

placed as (
    select
        counted.parted_by,
        counted.code,
        counted.borrowers < $fewest as is_small,
        row_number() over (
            partition by counted.parted_by, counted.borrowers < $fewest
            order by counted.borrowers, counted.code
        ) as place,
        bool_or(counted.borrowers < $fewest) over (partition by counted.parted_by) as has_small
    from counted
),

part as (
    select
        placed.parted_by,
        placed.code,
        case
            when placed.has_small and (placed.is_small or placed.place = 1) then 'joined'
            else placed.code
        end as part
    from placed
),

named as (
    select
        part.parted_by,
        part.part,
        string_agg(part.code, ', ' order by part.code) as codes
    from part
    group by part.parted_by, part.part
),

line as (
    select distinct
        part.parted_by,
        part.part,
        coded.number,
        coded.facility_id,
        coded.borrower_id,
        coded.overridden
    from coded
    inner join part on coded.parted_by = part.parted_by and coded.code = part.code
)

select
    named.parted_by,
    named.codes as code,
    count(*) as lines,
    count(distinct line.borrower_id) as borrowers,
    count(*) filter (where line.overridden) as overridden
from line
inner join named on line.parted_by = named.parted_by and line.part = named.part
group by named.parted_by, named.codes
having count(distinct line.borrower_id) >= $fewest
order by
    named.parted_by,
    case when named.parted_by = 'grade' then named.codes end,
    lines desc,
    named.codes
