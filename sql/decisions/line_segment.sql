-- One row per open line of a known borrower: the first segment of the policy that fits.
-- A bound on tenure or revenue fits only where that is known, a condition only where it is met.
select
    segment_fact.facility_id,
    segment_fact.tenure_months,
    min(pol_segment.ordinal) as ordinal
from segment_fact
inner join
    pol_segment
    on
        segment_fact.borrower_type = pol_segment.subject
        and (pol_segment.product is null or segment_fact.product = pol_segment.product)
        and (
            pol_segment.tenure_below_months is null
            or segment_fact.tenure_months < pol_segment.tenure_below_months
        )
        and (
            pol_segment.revenue_below_cents is null
            or segment_fact.revenue_cents < pol_segment.revenue_below_cents
        )
left join
    segment_met
    on segment_fact.facility_id = segment_met.facility_id and pol_segment.ordinal = segment_met.ordinal
where pol_segment.condition is null or segment_met.facility_id is not null
group by segment_fact.facility_id, segment_fact.tenure_months
