-- One row per open case, tonight's and those carried from earlier nights, in the order to look at them: most
-- harm first (an unknown one before all), then the oldest. Lines that join an open case do not push out those
-- that wait in it already. What became of tonight's since, the record says: which are open, and until when.
with standing as (
    select
        cases.case_id,
        cases.borrower_id,
        coalesce(carried_case.sent_on_as, cases.kind) as kind,
        cases.opened_on,
        carried_case.due_on,
        list_sort(list_distinct(
            list_concat(cases.facility_ids, carried_case.facility_ids)
        )) as facility_ids,
        list_sort(list_distinct(
            list_concat(cases.triggers, carried_case.triggers)
        )) as triggers,
        cases.harm_cents,
        cases.utilisation_months_bp
    from cases
    inner join carried_case on cases.case_id = carried_case.case_id
    union all
    select
        carried_case.case_id,
        carried_case.borrower_id,
        coalesce(carried_case.sent_on_as, carried_case.kind) as kind,
        carried_case.opened_on,
        carried_case.due_on,
        carried_case.facility_ids,
        carried_case.triggers,
        carried_case.harm_cents,
        carried_case.utilisation_months_bp
    from carried_case
    anti join cases on cases.case_id = carried_case.case_id
)

select
    standing.*,
    cast(row_number() over (
        order by
            standing.harm_cents desc nulls first, standing.opened_on, standing.borrower_id, standing.case_id
    ) as integer) as priority
from standing
where standing.kind in (select unnest(cast($kinds as varchar[])))
order by priority
