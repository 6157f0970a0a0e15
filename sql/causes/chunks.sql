-- One row per run of units that are decided at once, so that no run has many more lines than $most_lines.
with sized as (
    select
        present.unit,
        cast(
            sum(line.lines * size.populations) over (order by present.unit) as bigint
        ) // cast($most_lines as bigint) as part
    from present
    inner join (
        select
            member_line.unit,
            count(*) as lines
        from member_line
        group by member_line.unit
    ) as line on present.unit = line.unit
    inner join (
        select
            populations.unit,
            count(*) as populations
        from populations
        group by populations.unit
    ) as size on present.unit = size.unit
)

select
    min(sized.unit) as first_unit,
    max(sized.unit) as last_unit
from sized
group by sized.part
order by first_unit
