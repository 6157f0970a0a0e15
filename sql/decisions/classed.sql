-- One row per line of which something gets worse: its grounds with the share of its class that gets the same,
-- and the kinds that they are of, as pol_adverse names them.
with shared as (
    select
        class_ground.facility_id,
        class_ground.step,
        class_share.class_share_bp,
        coalesce(class_share.class_share_bp >= pol_setting.class_share_bp, false) as is_class_wide
    from class_ground
    inner join
        class_share
        on
            class_ground.product is not distinct from class_share.product
            and class_ground.borrower_type is not distinct from class_share.borrower_type
            and class_ground.jurisdiction is not distinct from class_share.jurisdiction
            and class_ground.step = class_share.step
            and class_ground.measure is not distinct from class_share.measure
            and class_ground.percent = class_share.percent
    cross join pol_setting
),

by_step as (
    select
        shared.facility_id,
        map_from_entries(list(row(shared.step, shared.class_share_bp) order by shared.step)) as share_of,
        list(shared.step order by shared.step) filter (where shared.is_class_wide) as wide_steps
    from shared
    group by shared.facility_id
),

told as (
    select
        unclassed.facility_id,
        unclassed.adverse_change,
        list_transform(
            unclassed.grounds,
            lambda g: struct_pack(
                step := g.step,
                row := g.row,
                kind := case
                    when g.kind = 'other' and coalesce(list_contains(by_step.wide_steps, g.step), false)
                        then 'class_wide'
                    else g.kind
                end,
                class_share_bp := by_step.share_of[g.step],
                cents := g.cents
            )
        ) as grounds
    from unclassed
    left join by_step on unclassed.facility_id = by_step.facility_id
    where unclassed.adverse_change is not null
)

select
    told.*,
    array_to_string(list_sort(list_distinct(list_transform(told.grounds, lambda g: g.kind))), '+') as kinds
from told
