-- One row per segment with lines that the walk would cut: how many of them, how many would be used to nine
-- tenths or more, and of how many our own card would give the borrower a worse grade for the cut alone.
select
    decisions.segment,
    cast(count(*) as integer) as lines,
    cast(count(*) filter (where after_cut.utilisation_after_cut_bp >= 9000) as integer) as nearly_full,
    cast(count(*) filter (where after_cut.grade_after_cut > after_cut.grade_before) as integer)
        as worse_grade
from after_cut
inner join decisions on after_cut.facility_id = decisions.facility_id
group by decisions.segment
order by decisions.segment
