-- One row per line that meets a rule which the policy has for its segment: their names in the policy's order,
-- and what they do together.
with met as (
    select
        rule_met.facility_id,
        unnest(rule_met.rules) as name
    from rule_met
)

select
    met.facility_id,
    list(met.name order by pol_rule.ordinal) as rules,
    bool_or(pol_rule.effect = 'hold') as rule_holds,
    bool_or(pol_rule.effect = 'no_rise') as rule_forbids_rise,
    bool_or(pol_rule.effect = 'refer') as rule_refers
from met
inner join lines on met.facility_id = lines.facility_id
inner join pol_rule on lines.segment = pol_rule.segment and met.name = pol_rule.name
where not lines.quarantined
group by met.facility_id
