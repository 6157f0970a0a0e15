-- One row per line of a named case, those that joined it tonight too, as the night decided it; of a line that
-- has closed since, nulls.
with joined as (
    select
        named_case.case_id,
        unnest(list_distinct(list_concat(
            named_case.facility_ids, coalesce(cases.facility_ids, cast([] as varchar[]))
        ))) as facility_id
    from named_case
    left join cases on named_case.case_id = cases.case_id
)

select
    joined.case_id,
    joined.facility_id,
    decisions.facility_id is not null as is_open,
    decisions.currency,
    decisions.limit_cents,
    decisions.proposed_limit_cents,
    decisions.grade,
    decisions.triggers
from joined
left join decisions on joined.facility_id = decisions.facility_id
order by joined.case_id, joined.facility_id
