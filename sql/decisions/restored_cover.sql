-- One row per line of a group that is walked again, of those that would have covers that cost less if those
-- of its anchor still counted as they did then. A cover that counts tonight keeps tonight's loss rate.
with before as (
    select
        lines.facility_id,
        unnest(lines.anchor_covers) as cover
    from lines
    where
        len(lines.anchor_covers) > 0 and lines.slot is null
        and lines.group_id in (select ground_line.group_id from ground_line)
),

horizon as (
    select
        cast(
            cast(night.as_of + to_months(pol_setting.horizon_months) as date) - night.as_of as bigint
        ) as horizon_days
    from night, pol_setting
),

tonight as (
    select
        lines.facility_id,
        cover.* exclude (facility_id),
        coalesce(
            cover.provider_rate_e8,
            lines.pd_bp * least(pol_segment.el_lgd_bp, pol_setting.collateral_lgd_bp)
        ) as loss_rate_e8
    from lines
    cross join pol_setting
    inner join pol_segment on lines.segment = pol_segment.segment
    inner join cover on lines.facility_id = cover.facility_id and lines.slot is null
    where lines.group_id in (select ground_line.group_id from ground_line)
),

restored as (
    select
        coalesce(tonight.facility_id, before.facility_id) as facility_id,
        coalesce(tonight.guarantee_id, before.cover.guarantee_id) as guarantee_id,
        coalesce(tonight.kind, before.cover.kind) as kind,
        coalesce(tonight.provider_id, before.cover.provider_id) as provider_id,
        greatest(tonight.share_bp, before.cover.share_bp) as share_bp,
        case
            when tonight.guarantee_id is not null and tonight.most_cents is null then null
            when before.facility_id is not null and before.cover.most_cents is null then null
            else greatest(tonight.most_cents, before.cover.most_cents)
        end as most_cents,
        case
            when tonight.guarantee_id is not null and tonight.days is null then null
            when before.facility_id is not null and before.cover.days is null then null
            else least(greatest(tonight.days, before.cover.days), horizon.horizon_days)
        end as days,
        cast(coalesce(tonight.loss_rate_e8, before.cover.loss_rate_e8) as bigint) as loss_rate_e8,
        horizon.horizon_days
    from tonight
    full outer join before
        on tonight.facility_id = before.facility_id and tonight.guarantee_id = before.cover.guarantee_id
    cross join horizon
)

select
    restored.facility_id,
    list(struct_pack(
        guarantee_id := restored.guarantee_id,
        kind := restored.kind,
        provider_id := restored.provider_id,
        share_bp := restored.share_bp,
        most_cents := restored.most_cents,
        days := restored.days,
        loss_rate_e8 := restored.loss_rate_e8,
        horizon_days := restored.horizon_days
    ) order by restored.loss_rate_e8, restored.guarantee_id) as covers
from restored
inner join line_risk on restored.facility_id = line_risk.facility_id
where restored.loss_rate_e8 < line_risk.own_loss_rate_e8
group by restored.facility_id
