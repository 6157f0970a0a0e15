-- One row per line: a rise must earn its keep (margin less expected loss and capital charge); then each
-- line's exposure at default and loss rate, in the reporting currency and basis points, rounded up.
with priced as (
    select
        walk_affordability.*,
        switches.expected_loss as expected_loss_on,
        (
            walk_affordability.el_lgd_bp * (10000 - walk_affordability.covered_bp)
            + least(walk_affordability.el_lgd_bp, walk_affordability.el_guaranteed_lgd_bp)
            * walk_affordability.covered_bp + 9999
        ) // 10000 as lgd_bp
    from walk_affordability, switches
),

judged as (
    select
        priced.*,
        coalesce(
            priced.expected_loss_on and priced.moves
            and priced.after_affordability_cents > priced.limit_cents
            and coalesce(priced.rate_bp, 0) - priced.el_funding_bp - priced.el_capital_charge_bp
            - (priced.pd_bp * priced.lgd_bp + 9999) // 10000 < priced.el_hurdle_bp,
            false
        ) as misses_hurdle
    from priced
),

wished as (
    select
        judged.*,
        case when judged.misses_hurdle then judged.limit_cents else judged.after_affordability_cents end
            as wished_cents
    from judged
)

select
    wished.*,
    coalesce(wished.pd_bp, 0) * wished.lgd_bp as loss_rate,
    cast((cast(wished.owed_cents as hugeint) * wished.rate_ppm + 999999) // 1000000 as bigint)
        as owed_rep_cents,
    cast((
        cast(
            greatest(
                least(wished.wished_cents, wished.limit_cents) - greatest(wished.drawn_cents, 0), 0
            ) as hugeint
        )
        * wished.el_ccf_bp // 10000 * wished.rate_ppm + 999999
    ) // 1000000 as bigint) as standing_undrawn_rep_cents,
    cast((
        cast(greatest(wished.wished_cents - wished.limit_cents, 0) as hugeint)
        * wished.el_ccf_bp // 10000 * wished.rate_ppm + 999999
    ) // 1000000 as bigint) as rise_rep_cents
from wished
