-- One row per line: what is lost of each cent that stands at default, in hundred-millionths, and the covers
-- that cost less, the cheapest first. Here, and nowhere else, a line's loss rate is chosen: a slot has its
-- own, which no cover lowers.
with risk as (
    select
        lines.facility_id,
        coalesce(lines.slot_el_bp * 10000, lines.pd_bp * pol_segment.el_lgd_bp) as own_loss_rate_e8,
        lines.slot is not null as is_slotted,
        lines.pd_bp * least(pol_segment.el_lgd_bp, pol_setting.collateral_lgd_bp) as pledged_rate_e8
    from lines
    cross join pol_setting
    inner join pol_segment on lines.segment = pol_segment.segment
),

cheaper as (
    select
        risk.facility_id,
        cover.* exclude (facility_id),
        coalesce(cover.provider_rate_e8, risk.pledged_rate_e8) as loss_rate_e8
    from risk
    inner join cover on risk.facility_id = cover.facility_id
    where
        coalesce(cover.provider_rate_e8, risk.pledged_rate_e8) < risk.own_loss_rate_e8
        and not risk.is_slotted
),

covered as (
    select
        cheaper.facility_id,
        list(struct_pack(
            guarantee_id := cheaper.guarantee_id,
            kind := cheaper.kind,
            provider_id := cheaper.provider_id,
            share_bp := cheaper.share_bp,
            most_cents := cheaper.most_cents,
            days := cheaper.days,
            loss_rate_e8 := cast(cheaper.loss_rate_e8 as bigint),
            horizon_days := cheaper.horizon_days
        ) order by cheaper.loss_rate_e8, cheaper.guarantee_id) as covers
    from cheaper
    group by cheaper.facility_id
)

select
    risk.facility_id,
    cast(risk.own_loss_rate_e8 as bigint) as own_loss_rate_e8,
    covered.covers
from risk
left join covered on risk.facility_id = covered.facility_id
