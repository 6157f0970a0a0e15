-- One row per reason: how many lines that fall or are frozen name it, and for how many it is the first.
with named as (
    select
        unnest(decisions.reasons).code as code,
        unnest(range(1, len(decisions.reasons) + 1)) as place
    from decisions
    where decisions.action in ('decrease', 'freeze')
)

select
    named.code,
    count(*) as lines,
    count(*) filter (where named.place = 1) as first
from named
group by named.code
order by lines desc, named.code
