-- One row per line whose limit moves tonight and cause: what the cause moves it by, and in which segment and
-- grade the line is.
with moved as (
    select
        decisions.currency,
        decisions.borrower_id,
        coalesce(decisions.segment, 'none') as segment,
        coalesce(decisions.slot, decisions.grade, 'unscored') as grade,
        decisions.committed_limit_cents - decisions.limit_cents as change_cents,
        coalesce(cause_of_line.cause_circumstances_cents, 0) as circumstances_cents,
        coalesce(cause_of_line.cause_data_cents, 0) as data_cents,
        coalesce(cause_of_line.cause_model_cents, 0) as model_cents,
        coalesce(cause_of_line.cause_policy_cents, 0) as policy_cents,
        coalesce(cause_of_line.cause_regulation_cents, 0) as regulation_cents
    from decisions
    left join cause_of_line on decisions.facility_id = cause_of_line.facility_id
    where decisions.committed_limit_cents <> decisions.limit_cents
)

select
    moved.currency,
    moved.borrower_id,
    moved.segment,
    moved.grade,
    unnest(['carried', 'circumstances', 'data', 'model', 'policy', 'regulation']) as cause,
    unnest([1, 2, 3, 4, 5, 6]) as place,
    unnest([
        moved.change_cents - moved.circumstances_cents - moved.data_cents - moved.model_cents
        - moved.policy_cents - moved.regulation_cents,
        moved.circumstances_cents, moved.data_cents, moved.model_cents, moved.policy_cents,
        moved.regulation_cents
    ]) as cents
from moved
