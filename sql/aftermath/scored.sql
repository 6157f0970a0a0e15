-- One row per borrower of a line that would be cut: their score with the limits cut and nothing else changed.
select
    scores.borrower_id,
    scores.score,
    scores.pd_bp
from scores
where scores.borrower_id in (select cut_line.borrower_id from cut_line)
order by scores.borrower_id
