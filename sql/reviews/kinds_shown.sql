-- One row per kind of case among the first $most of the queue: how many lines they have.
select
    shown_case.kind,
    cast(sum(len(shown_case.facility_ids)) as bigint) as lines
from shown_case
where shown_case.priority <= coalesce($most, shown_case.priority)
group by shown_case.kind
order by shown_case.kind
