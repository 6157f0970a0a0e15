-- One row per borrower whose scorecard in force has a version before it: what that one makes of them tonight.
select
    scores.borrower_id,
    scores.pd_bp as former_pd_bp,
    scores.conduct_points as former_conduct_points,
    grace.began_on as grace_began_on
from scores
inner join scorecard_base on scores.scorecard = scorecard_base.scorecard
inner join grace on scorecard_base.subject = grace.subject
order by scores.borrower_id
