-- One row per letter that a gallery shows: the first of each kind, subject, language and country of a batch,
-- and how many are alike.
with placed as (
    select
        letter.*,
        coalesce(kept_decisions.jurisdiction, '') as jurisdiction
    from letter
    left join kept_decisions on letter.facility_id = kept_decisions.facility_id
)

select
    placed.*,
    cast(count(*) over (
        partition by placed.kind, placed.subject, placed.language, placed.jurisdiction
    ) as bigint) as alike
from placed
qualify
    row_number() over (
        partition by placed.kind, placed.subject, placed.language, placed.jurisdiction
        order by placed.facility_id, placed.draft_id
    ) <= $each
order by
    placed.kind, placed.subject, placed.language, placed.jurisdiction, placed.facility_id, placed.draft_id
