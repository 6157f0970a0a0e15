-- One row per line: where the borrower's expected loss is beyond the appetite, rises are scaled down first,
-- all lines alike, then undrawn parts. What is drawn cannot be cut: then nothing is left undrawn, and a
-- person looks.
with placed as (
    select
        walk_appetite.*,
        node_kept.node,
        case
            when node_kept.node < 16
                then
                    walk_appetite.drawn_part_cents
                    + (walk_appetite.standing_part_cents - walk_appetite.drawn_part_cents)
                    * node_kept.node // 16
            else
                walk_appetite.standing_part_cents
                + (walk_appetite.wished_cents - walk_appetite.standing_part_cents)
                * (node_kept.node - 16) // 16
        end as kept_cents,
        case
            when node_kept.node < 16
                then
                    walk_appetite.drawn_part_cents
                    + (walk_appetite.standing_part_cents - walk_appetite.drawn_part_cents)
                    * (node_kept.node + 1) // 16
            else
                walk_appetite.standing_part_cents
                + (walk_appetite.wished_cents - walk_appetite.standing_part_cents)
                * (node_kept.node - 15) // 16
        end as next_cents,
        walk_appetite.el_appetite_cents - node_kept.loss_cents as left_cents,
        node_kept.next_loss_cents - node_kept.loss_cents as step_cents
    from walk_appetite
    left join node_kept
        on
            walk_appetite.is_beyond
            and walk_appetite.borrower_id = node_kept.borrower_id
            and walk_appetite.el_appetite_cents = node_kept.el_appetite_cents
)

select
    placed.* exclude (node, kept_cents, next_cents, left_cents, step_cents),
    case
        when not placed.is_beyond then placed.wished_cents
        when placed.node is null then placed.drawn_part_cents
        else placed.kept_cents + cast(
            cast(placed.next_cents - placed.kept_cents as hugeint) * placed.left_cents // placed.step_cents
            as bigint
        )
    end as after_expected_loss_cents,
    case
        when placed.is_beyond then 'appetite'
        when placed.misses_hurdle then 'hurdle'
    end as expected_loss_row,
    case
        when placed.is_beyond then placed.el_appetite_cents
        when placed.misses_hurdle then placed.el_hurdle_bp
    end as expected_loss_value
from placed
