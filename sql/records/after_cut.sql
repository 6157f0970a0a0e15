-- One row per line that the walk would cut: what the cut would do to the use of the line and to the score.
select * from after_cut
order by facility_id
