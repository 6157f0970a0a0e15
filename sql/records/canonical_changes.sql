-- One row per change of a batch that is not a night's: its canonical form, which that batch's root hashes. As
-- for decisions (canonical_decisions.sql), without the batch's name, which holds the root.
with canonical as (
    select
        changes.facility_id,
        nfc_normalize(cast(json_array(
            1,
            changes.change_id,
            changes.facility_id,
            cast(changes.as_of as varchar),
            cast(changes.effective_on as varchar),
            changes.old_limit_cents,
            changes.new_limit_cents,
            changes.old_rate_bp,
            changes.new_rate_bp,
            cast(changes.blocked as integer)
        ) as varchar)) as content
    from changes
)

select
    encode(cast(strlen(canonical.content) as varchar) || ':' || canonical.content || chr(10)) as canonical_row
from canonical
order by canonical.facility_id
