-- One row per borrower and one per control group, a borrower without ties being a group of one: all limits
-- over their lines in the reporting currency, rounded up: with tonight's rises, standing offers and what
-- is owed beyond a limit, and as they stand. Tonight's cuts free no room here, for a person may yet keep one.
with line as (
    select
        walk_stability.borrower_id,
        walk_stability.group_id,
        walk_stability.borrower_type,
        walk_stability.jurisdiction,
        cast((
            cast(greatest(
                walk_stability.after_stability_cents + walk_stability.temporary_cents,
                walk_stability.limit_cents + walk_stability.temporary_cents,
                walk_stability.standing_offer_cents,
                walk_stability.owed_cents
            ) as hugeint) * walk_stability.rate_ppm + 999999
        ) // 1000000 as bigint) as wanted_cents,
        cast((
            cast(walk_stability.limit_cents + walk_stability.temporary_cents as hugeint)
            * walk_stability.rate_ppm + 999999
        ) // 1000000 as bigint) as standing_cents
    from walk_stability
)

select
    'borrower' as scope,
    line.borrower_id as owner_id,
    min(line.borrower_type) as subject,
    min(line.jurisdiction) as jurisdiction,
    cast(sum(line.wanted_cents) as bigint) as wanted_cents,
    cast(sum(line.standing_cents) as bigint) as standing_cents
from line
group by line.borrower_id
union all
select
    'group' as scope,
    line.group_id as owner_id,
    null as subject,
    null as jurisdiction,
    cast(sum(line.wanted_cents) as bigint) as wanted_cents,
    cast(sum(line.standing_cents) as bigint) as standing_cents
from line
group by line.group_id
