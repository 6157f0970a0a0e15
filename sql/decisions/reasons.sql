-- One row per line that falls or is blocked: its reasons in order. Each ground gets a place before any gets
-- two, larger grounds first; a family is named once; at most as many as policy and law allow are told, all
-- kept.
with merged as (
    select
        reason_of_ground.facility_id,
        reason_of_ground.code,
        reason_of_ground.family,
        max(reason_of_ground.points) as points,
        max(reason_of_ground.cents) as cents,
        min(reason_of_ground.turn) as turn
    from reason_of_ground
    group by reason_of_ground.facility_id, reason_of_ground.code, reason_of_ground.family
),

placed as (
    select
        merged.*,
        row_number() over (
            partition by merged.facility_id
            order by merged.turn, merged.cents desc, merged.points desc nulls last, merged.code
        ) as place,
        least(pol_setting.reasons_most, coalesce(decided.law_most_reasons, pol_setting.reasons_most)) as most
    from merged
    cross join pol_setting
    inner join decided on merged.facility_id = decided.facility_id
)

select
    placed.facility_id,
    list(struct_pack(
        code := placed.code,
        family := placed.family,
        points := cast(placed.points as integer),
        cents := cast(placed.cents as bigint)
    ) order by placed.place) filter (where placed.place <= placed.most) as reasons,
    coalesce(
        list(placed.code order by placed.place) filter (where placed.place > placed.most),
        cast([] as varchar[])
    ) as reasons_truncated
from placed
group by placed.facility_id
union all
select
    decided.facility_id,
    [struct_pack(
        code := decided.block,
        family := decided.block,
        points := cast(null as integer),
        cents := cast(null as bigint)
    )] as reasons,
    cast([] as varchar[]) as reasons_truncated
from decided
where decided.proposed_action = 'freeze'
