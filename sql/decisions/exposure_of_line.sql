-- One row per line: its limit in the reporting currency, rounded up: with tonight's rise, a standing offer,
-- a promise and what is owed beyond it, and as it stands. Tonight's cuts free no room here, for a person may
-- yet keep one.
select
    walk_stability.facility_id,
    walk_stability.borrower_id,
    walk_stability.group_id,
    walk_stability.borrower_type,
    cast(quotient(
        cast(greatest(
            walk_stability.after_stability_cents + walk_stability.temporary_cents,
            walk_stability.limit_cents + walk_stability.temporary_cents,
            walk_stability.standing_offer_cents,
            walk_stability.promised_cents,
            walk_stability.owed_cents
        ) as hugeint) * walk_stability.rate_ppm + 999999,
        1000000
    ) as bigint) as wanted_cents,
    cast(quotient(
        cast(walk_stability.limit_cents + walk_stability.temporary_cents as hugeint)
        * walk_stability.rate_ppm + 999999,
        1000000
    ) as bigint) as standing_cents
from walk_stability
