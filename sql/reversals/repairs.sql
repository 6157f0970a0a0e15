-- One row per thing that was done elsewhere on the word of the night, or may have been, and must be put right
-- there: letters that may have been sent, offers made, changes handed over, limits reported to bureaus.
with told as (
    select
        wrong_draft.draft_id,
        wrong_draft.facility_id,
        wrong_draft.kind
    from wrong_draft
    inner join picked_line on wrong_draft.facility_id = picked_line.facility_id
),

repair as (
    select
        1 as ordinal,
        'publication' as what,
        cast(null as varchar) as facility_id,
        handed_over.batch || ' to ' || handed_over.destination as reference,
        case
            when handed_over.delivered then 'was handed over: see that this batch''s changes are loaded too'
            else 'is not handed over yet: it goes out before this batch'
        end as what_to_do
    from handed_over
    union all
    select
        2 as ordinal,
        'letter' as what,
        told.facility_id,
        told.draft_id as reference,
        case
            when drafts.facility_id is null then 'if it was sent, write a correction by hand'
            else 'if it was sent, send the correction ' || drafts.draft_id || '; if not, send neither'
        end as what_to_do
    from told
    inner join undone_line on told.facility_id = undone_line.facility_id
    left join drafts on told.facility_id = drafts.facility_id
    where told.kind not in ('invitation', 'early_warning')
    union all
    select
        3 as ordinal,
        'offer' as what,
        told.facility_id,
        told.draft_id as reference,
        'an offer of the night: withdraw it, or keep it on purpose' as what_to_do
    from told
    where told.kind = 'offer'
    union all
    select
        3 as ordinal,
        'letter' as what,
        told.facility_id,
        told.draft_id as reference,
        'an early warning of the night: if it was sent, take it back by hand' as what_to_do
    from told
    where told.kind = 'early_warning'
    union all
    select
        4 as ordinal,
        'bureau' as what,
        undone_line.facility_id,
        undone_line.wrong_change_id as reference,
        'if the limit was reported from ' || cast(undone_line.wrong_effective_on as varchar)
        || ' on, report it again' as what_to_do
    from undone_line
    where undone_line.restored_limit_cents <> undone_line.limit_cents
)

select
    repair.what,
    repair.facility_id,
    repair.reference,
    repair.what_to_do
from repair
order by repair.ordinal, repair.facility_id, repair.reference
