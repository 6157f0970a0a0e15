-- One row per pair of neighbours of which the better keeps less, and whether by less than its segment rounds
-- limits to; or, where only paying down is between them, of which it alone is cut.
select
    neighbour.property,
    neighbour.segment,
    neighbour.worse_facility_id,
    neighbour.facility_id,
    neighbour.worse_kept_cents,
    neighbour.kept_cents,
    neighbour.worse_kept_cents - neighbour.kept_cents as gap_cents,
    neighbour.worse_kept_cents - neighbour.kept_cents < pol_segment.stab_rounding_cents as is_rounding
from neighbour
inner join pol_segment on neighbour.segment = pol_segment.segment
where
    neighbour.kept_cents < neighbour.worse_kept_cents
    and (neighbour.property <> 'paying_down' or (neighbour.is_cut and not neighbour.worse_is_cut))
order by neighbour.property, neighbour.segment, is_rounding, neighbour.chain, neighbour.place
