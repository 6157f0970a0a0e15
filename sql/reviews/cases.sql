-- One row per borrower with a line that goes to a person tonight. A borrower who has an open case keeps
-- it: the lines join it. `facility_id` is the line with the most at stake. Ordered as they should be looked
-- at: most harm first (an unknown one before all), then the oldest.
with gathered as (
    select
        referred_line.borrower_id,
        max(referred_line.kind) filter (where referred_line.kind = 'site_visit') as visit,
        max(referred_line.kind) filter (where referred_line.kind = 'interview') as interview,
        first(
            referred_line.facility_id
            order by referred_line.harm_cents desc nulls first, referred_line.facility_id
        ) as facility_id,
        list(referred_line.facility_id order by referred_line.facility_id) as facility_ids,
        list_sort(list_distinct(flatten(
            list(referred_line.triggers order by referred_line.facility_id)
        ))) as triggers,
        case
            when bool_or(referred_line.harm_cents is null) then null
            else cast(sum(referred_line.harm_cents) as bigint)
        end as harm_cents,
        list(struct_pack(
            facility_id := referred_line.facility_id,
            currency := referred_line.currency,
            limit_cents := referred_line.limit_cents,
            proposed_limit_cents := referred_line.proposed_limit_cents
        ) order by referred_line.facility_id) as at_stake,
        cast(to_json(struct_pack(
            documents := $documents_identity,
            if_nobody_acts := 'Nothing changes: a rise lapses, a decrease is not made.',
            lines := list(referred_line.evidence order by referred_line.facility_id)
        )) as varchar) as evidence
    from referred_line
    group by referred_line.borrower_id
),

dated as (
    select
        coalesce(
            open_case.case_id,
            substr(sha256(cast($as_of as varchar) || '|' || gathered.borrower_id), 1, 32)
        ) as case_id,
        gathered.facility_id,
        gathered.borrower_id,
        coalesce(gathered.visit, gathered.interview, 'desk_review') as kind,
        coalesce(open_case.opened_on, cast($as_of as date)) as opened_on,
        coalesce(open_case.due_on, case
            when gathered.visit is not null then cast($site_due_on as date)
            when gathered.interview is not null then cast($interview_due_on as date)
            else cast($desk_due_on as date)
        end) as due_on,
        open_case.case_id is not null as joined_open,
        gathered.facility_ids,
        gathered.triggers,
        gathered.harm_cents,
        gathered.at_stake,
        gathered.evidence
    from gathered
    left join open_case on open_case.borrower_id = gathered.borrower_id
)

select
    dated.case_id,
    dated.facility_id,
    dated.borrower_id,
    dated.kind,
    dated.opened_on,
    dated.due_on,
    dated.joined_open,
    cast(row_number() over (
        order by dated.harm_cents desc nulls first, dated.opened_on, dated.borrower_id
    ) as integer) as priority,
    dated.facility_ids,
    dated.triggers,
    dated.harm_cents,
    dated.at_stake,
    main_line_month.utilisation_months_bp,
    dated.evidence
from dated
left join main_line_month on main_line_month.facility_id = dated.facility_id
order by priority
