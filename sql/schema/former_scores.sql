-- One row per borrower whose scorecard in force has a version before it: what that one makes of them tonight.
create table former_scores (
    borrower_id varchar not null,
    former_pd_bp integer,
    former_conduct_points bigint,
    grace_began_on date
)
