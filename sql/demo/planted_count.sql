-- One row per promise: how many planted rows break it.
with planted as (
    select
        unnest(case when also = '' then [kind] else list_prepend(kind, string_split(also, ' ')) end) as kind
    from bad_row
    where kind is not null
)

select kind, count(*) as planted
from planted
group by kind
order by kind
