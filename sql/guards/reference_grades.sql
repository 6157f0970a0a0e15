-- One row per card and grade of its reference: how many lines of its population had it, and how many do now.
select
    reference_grade.scorecard,
    reference_grade.grade,
    reference_grade.lines as then_lines,
    count(decisions.facility_id) as now_lines
from reference_grade
left join decisions
    on reference_grade.scorecard = decisions.scorecard and reference_grade.grade = decisions.grade
group by reference_grade.scorecard, reference_grade.grade, reference_grade.lines
order by reference_grade.scorecard, reference_grade.grade
