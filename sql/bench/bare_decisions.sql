-- One row per line that is not closed: what is decided, without why. Benchmarks write it, and their peers.
select
    walk_action.facility_id,
    walk_action.borrower_id,
    walk_action.group_id,
    walk_action.segment,
    walk_action.score,
    walk_action.pd_bp,
    walk_action.grade,
    walk_action.due_because,
    walk_action.limit_cents,
    walk_action.after_gate_cents,
    walk_action.after_strategy_cents,
    walk_action.after_relationship_cents,
    walk_action.after_affordability_cents,
    walk_action.after_expected_loss_cents,
    walk_action.after_stability_cents,
    walk_action.after_exposure_cents,
    walk_action.after_regulation_cents,
    walk_action.after_floor_cents,
    walk_action.proposed_limit_cents,
    walk_action.action
from walk_action
order by walk_action.facility_id
