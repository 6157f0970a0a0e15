-- One row per line whose limit a batch moves and that can be counted from an earlier night: what each factor
-- moved it by.
with part as (
    select
        rounded.facility_id,
        coalesce(max(rounded.cents) filter (where rounded.part = 'circumstances'), 0) as circumstances,
        coalesce(max(rounded.cents) filter (where rounded.part = 'data'), 0) as data,
        coalesce(max(rounded.cents) filter (where rounded.part = 'model'), 0) as model,
        coalesce(max(rounded.cents) filter (where rounded.part = 'policy'), 0) as policy,
        coalesce(max(rounded.cents) filter (where rounded.part = 'regulation'), 0) as regulation,
        coalesce(max(rounded.cents) filter (where rounded.part = 'conduct'), 0) as conduct,
        coalesce(max(rounded.cents) filter (where rounded.part = 'elapsed_time'), 0) as elapsed_time,
        coalesce(max(rounded.cents) filter (where rounded.part = 'security'), 0) as security,
        coalesce(max(rounded.cents) filter (where rounded.part = 'related'), 0) as related,
        coalesce(max(rounded.cents) filter (where rounded.part = 'market'), 0) as market
    from rounded
    group by rounded.facility_id
),

bound as (
    select
        spread.facility_id,
        max(spread.least_cents) filter (where spread.part = 'circumstances') as least_circumstances,
        max(spread.most_cents) filter (where spread.part = 'circumstances') as most_circumstances,
        max(spread.least_cents) filter (where spread.part = 'data') as least_data,
        max(spread.most_cents) filter (where spread.part = 'data') as most_data,
        max(spread.least_cents) filter (where spread.part = 'model') as least_model,
        max(spread.most_cents) filter (where spread.part = 'model') as most_model,
        max(spread.least_cents) filter (where spread.part = 'policy') as least_policy,
        max(spread.most_cents) filter (where spread.part = 'policy') as most_policy,
        max(spread.least_cents) filter (where spread.part = 'regulation') as least_regulation,
        max(spread.most_cents) filter (where spread.part = 'regulation') as most_regulation
    from spread
    group by spread.facility_id
)

select
    moved_line.facility_id,
    moved_line.since_on as caused_since_on,
    coalesce(part.circumstances, 0) as cause_circumstances_cents,
    coalesce(part.data, 0) as cause_data_cents,
    coalesce(part.model, 0) as cause_model_cents,
    coalesce(part.policy, 0) as cause_policy_cents,
    coalesce(part.regulation, 0) as cause_regulation_cents,
    coalesce(part.conduct, 0) as cause_conduct_cents,
    coalesce(part.elapsed_time, 0) as cause_elapsed_time_cents,
    coalesce(part.security, 0) as cause_security_cents,
    coalesce(part.related, 0) as cause_related_cents,
    coalesce(part.market, 0) as cause_market_cents,
    coalesce(bound.least_circumstances, 0) as least_circumstances_cents,
    coalesce(bound.most_circumstances, 0) as most_circumstances_cents,
    coalesce(bound.least_data, 0) as least_data_cents,
    coalesce(bound.most_data, 0) as most_data_cents,
    coalesce(bound.least_model, 0) as least_model_cents,
    coalesce(bound.most_model, 0) as most_model_cents,
    coalesce(bound.least_policy, 0) as least_policy_cents,
    coalesce(bound.most_policy, 0) as most_policy_cents,
    coalesce(bound.least_regulation, 0) as least_regulation_cents,
    coalesce(bound.most_regulation, 0) as most_regulation_cents
from moved_line
left join part on moved_line.facility_id = part.facility_id
left join bound on moved_line.facility_id = bound.facility_id
where moved_line.facility_id in (select counted.facility_id from counted)
order by moved_line.facility_id
