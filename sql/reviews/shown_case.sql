-- One row per case of the queue, the first $most of them or $only one, with its lines and triggers. Lines
-- that join an open case do not push out those that wait in it already.
select
    open_now.*,
    list_sort(list_distinct(
        list_concat(coalesce(cases.facility_ids, []), coalesce(carried_case.facility_ids, []))
    )) as facility_ids,
    list_sort(list_distinct(
        list_concat(coalesce(cases.triggers, []), coalesce(carried_case.triggers, []))
    )) as triggers,
    case
        when cases.case_id is null then carried_case.utilisation_months_bp
        else cases.utilisation_months_bp
    end as utilisation_months_bp
from open_now
left join cases on cases.case_id = open_now.case_id
left join carried_case on carried_case.case_id = open_now.case_id
where
    open_now.priority <= coalesce($most, open_now.priority)
    and open_now.case_id = coalesce($only, open_now.case_id)
