-- One row: what the night looked at, in counts.
select
    count(*) as lines,
    count(distinct decisions.borrower_id) as borrowers,
    count(*) filter (where decisions.due) as due,
    count(*) filter (where decisions.quarantined) as quarantined,
    count(*) filter (where decisions.score is null) as unscored,
    count(*) filter (where decisions.drawdown_blocked) as blocked
from decisions
