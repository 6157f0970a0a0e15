-- One row per line that is not closed: the decision, with what the law calls what it does to the borrower
-- (linewatch/adverse.py, as the rows of pol_adverse). How many lines get the same is known once all are
-- decided.
select
    unclassed.* replace (coalesce(classed.grounds, unclassed.grounds) as grounds),
    coalesce(pol_adverse.adverse_action, 'not_adverse') as adverse_action,
    coalesce(pol_adverse.adverse_because, 'nothing_worse') as adverse_because
from unclassed
left join classed on unclassed.facility_id = classed.facility_id
left join
    pol_adverse
    on classed.adverse_change = pol_adverse.adverse_change and classed.kinds = pol_adverse.kinds
