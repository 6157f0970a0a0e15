-- One row per borrower and one per control group, a borrower without ties being a group of one: all limits
-- over their lines in the reporting currency, with tonight's rises, and as they stand.
select
    'borrower' as scope,
    exposure_of_line.borrower_id as owner_id,
    min(exposure_of_line.borrower_type) as subject,
    cast(sum(exposure_of_line.wanted_cents) as bigint) as wanted_cents,
    cast(sum(exposure_of_line.standing_cents) as bigint) as standing_cents
from exposure_of_line
group by exposure_of_line.borrower_id
union all
select
    'group' as scope,
    exposure_of_line.group_id as owner_id,
    null as subject,
    cast(sum(exposure_of_line.wanted_cents) as bigint) as wanted_cents,
    cast(sum(exposure_of_line.standing_cents) as bigint) as standing_cents
from exposure_of_line
group by exposure_of_line.group_id
