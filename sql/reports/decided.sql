-- One row: decisions, and of how many cases; of their lines that had a proposal, how many there are, of how
-- many borrowers, and how many were overridden.
with decision as (
    select
        count(*) as decisions,
        count(distinct reading.case_id) as cases
    from reading
    where reading.event = 'decided'
),

proposal as (
    select
        count(*) as lines,
        count(distinct reading_proposal.borrower_id) as borrowers,
        count(*) filter (where reading_proposal.overridden) as overridden
    from reading_proposal
    where reading_proposal.event = 'decided'
)

select
    decision.decisions,
    decision.cases,
    proposal.lines,
    proposal.borrowers,
    proposal.overridden
from decision
cross join proposal
