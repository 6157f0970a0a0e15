-- One row per line that the walk would cut: what of the new limit would be owed, and the score, PD and grade
-- that our own card would give for that cut alone, beside the grade of tonight's PD.
create table after_cut (
    facility_id varchar not null,
    utilisation_after_cut_bp bigint,
    score_after_cut integer,
    pd_after_cut_bp integer,
    grade_before varchar,
    grade_after_cut varchar,
    primary key (facility_id)
)
