-- One row per falling line with a slot and reason for its slot: the default, else the factors with the lowest
-- mark as it was counted.
with marked as (
    select
        decided.facility_id,
        decided.slot,
        unnest(['financial_strength', 'political_legal', 'transaction', 'sponsor', 'security']) as factor,
        unnest([
            coalesce(decided.slot_financial_strength, decided.unknown_counts),
            coalesce(decided.slot_political_legal, decided.unknown_counts),
            coalesce(decided.slot_transaction, decided.unknown_counts),
            coalesce(decided.slot_sponsor, decided.unknown_counts),
            coalesce(decided.slot_security, decided.unknown_counts)
        ]) as mark
    from ground_line
    inner join decided on ground_line.facility_id = decided.facility_id
    where decided.slot is not null
),

placed as (
    select
        marked.*,
        min(marked.mark) over (partition by marked.facility_id) as lowest_mark
    from marked
)

select distinct
    placed.facility_id,
    case when placed.slot = 'default' then 'project_default' else 'project_' || placed.factor end as code
from placed
where placed.mark = placed.lowest_mark
