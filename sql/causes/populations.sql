-- One row per unit and coalition of what is present in it: a population of its own, whose borrowers and lines
-- carry its name before theirs, so that one walk decides all of them.
select
    present.unit,
    present.since_on,
    cause_coalition.coalition,
    present.unit || '.' || cause_coalition.coalition || '|' as name,
    cause_anchor.days,
    cause_anchor.months,
    cause_coalition.conduct,
    cause_coalition.elapsed_time,
    cause_coalition.security,
    cause_coalition.related,
    cause_coalition.market,
    cause_coalition.data,
    cast(present.present & 32 as boolean) as restated,
    case when cause_coalition.model then 0 else cause_anchor.model end as model,
    case when cause_coalition.policy then 0 else cause_anchor.policy end as policy,
    case when cause_coalition.regulation then 0 else cause_anchor.regulation end as regulation
from present
inner join cause_coalition on present.present = cause_coalition.present
inner join cause_anchor on present.since_on = cause_anchor.since_on
order by present.unit, cause_coalition.coalition
