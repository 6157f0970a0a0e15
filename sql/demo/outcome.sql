-- One row per borrower with an open line on the night: whether a line of theirs is 90 days past due on
-- as_of or reaches it within the twelve months after. A night never reads this.
select
    borrower_id,
    coalesce(bool_or(trouble_from + 90 <= cast($as_of as date) + 365), false) as defaulted_12m,
    cast($as_of as date) as as_of
from standing
where closed_on > $as_of or closed_on is null
group by borrower_id
order by borrower_id
