-- One row per currency and cause of the limits that move tonight: by how much it cuts, by how much it raises,
-- and the borrowers whose limits it moves.
with moved as (
    select
        decisions.currency,
        decisions.borrower_id,
        decisions.committed_limit_cents - decisions.limit_cents as change_cents,
        coalesce(cause_of_line.cause_circumstances_cents, 0) as circumstances_cents,
        coalesce(cause_of_line.cause_data_cents, 0) as data_cents,
        coalesce(cause_of_line.cause_model_cents, 0) as model_cents,
        coalesce(cause_of_line.cause_policy_cents, 0) as policy_cents,
        coalesce(cause_of_line.cause_regulation_cents, 0) as regulation_cents
    from decisions
    left join cause_of_line on decisions.facility_id = cause_of_line.facility_id
    where decisions.committed_limit_cents <> decisions.limit_cents
),

split as (
    select
        moved.currency,
        moved.borrower_id,
        unnest(['carried', 'circumstances', 'data', 'model', 'policy', 'regulation']) as cause,
        unnest([1, 2, 3, 4, 5, 6]) as place,
        unnest([
            moved.change_cents - moved.circumstances_cents - moved.data_cents - moved.model_cents
            - moved.policy_cents - moved.regulation_cents,
            moved.circumstances_cents, moved.data_cents, moved.model_cents, moved.policy_cents,
            moved.regulation_cents
        ]) as cents
    from moved
)

select
    split.currency,
    split.cause,
    cast(sum(least(split.cents, 0)) as bigint) as cut_cents,
    cast(sum(greatest(split.cents, 0)) as bigint) as raised_cents,
    count(distinct split.borrower_id) filter (where split.cents < 0) as cut_borrowers,
    count(distinct split.borrower_id) filter (where split.cents > 0) as raised_borrowers
from split
group by split.currency, split.cause, split.place
order by split.currency, split.place
