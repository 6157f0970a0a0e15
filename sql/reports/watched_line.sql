-- One row per line with a decision that stands and that is so many days old: from which day on it is watched.
select
    reading_proposal.facility_id,
    min(reading_proposal.answered_on) as first_on
from reading_proposal
where
    reading_proposal.event = 'decided'
    and reading_proposal.stands
    and reading_proposal.answered_on + $days <= cast($newest as date)
group by reading_proposal.facility_id
