-- One row per segment: the threshold of each trigger that the policy names for it, null where it does not;
-- and of those that block drawing while their case is open the reason that the letter gives.
select
    pol_segment.segment,
    max(pol_trigger.value) filter (where pol_trigger.code = 'large_decrease') as large_decrease,
    max(pol_trigger.value) filter (where pol_trigger.code = 'large_exposure') as large_exposure,
    max(pol_trigger.value) filter (where pol_trigger.code = 'grade_worsened') as grade_worsened,
    max(pol_trigger.value) filter (where pol_trigger.code = 'unknown_share') as unknown_share,
    max(pol_trigger.value) filter (where pol_trigger.code = 'affordability_unverified')
        as affordability_unverified,
    max(pol_trigger.value) filter (where pol_trigger.code = 'expected_loss_exceeded')
        as expected_loss_exceeded,
    max(pol_trigger.value) filter (where pol_trigger.code = 'fraud_suspected') as fraud_suspected,
    max(pol_trigger.value) filter (where pol_trigger.code = 'shared_device') as shared_device,
    max(pol_trigger.value) filter (where pol_trigger.code = 'pd_near_edge') as pd_near_edge,
    max(pol_trigger.value) filter (where pol_trigger.code = 'statement_stale') as statement_stale,
    max(pol_trigger.value) filter (where pol_trigger.code = 'exposure_breach') as exposure_breach,
    max(pol_trigger.value) filter (where pol_trigger.code = 'complaint_open') as complaint_open,
    max(pol_trigger.value) filter (where pol_trigger.code = 'automation_objection') as automation_objection,
    max(pol_trigger.value) filter (where pol_trigger.code = 'security_expiring') as security_expiring,
    max(pol_trigger.value) filter (where pol_trigger.code = 'valuation_stale') as valuation_stale,
    max(pol_trigger.value) filter (where pol_trigger.code = 'assessment_poor') as assessment_poor,
    max(pol_trigger.value) filter (where pol_trigger.code = 'statement_expiring') as statement_expiring,
    max(pol_trigger.value) filter (where pol_trigger.code = 'altman_distress') as altman_distress,
    max(pol_trigger.value) filter (where pol_trigger.code = 'group_default') as group_default,
    max(pol_trigger.value) filter (where pol_trigger.code = 'covenant_breached') as covenant_breached,
    max(pol_trigger.value) filter (where pol_trigger.code = 'dscr_low') as dscr_low,
    max(pol_trigger.value) filter (where pol_trigger.code = 'cost_shortfall') as cost_shortfall,
    max(pol_trigger.value) filter (where pol_trigger.code = 'drawn_ahead') as drawn_ahead,
    max(pol_trigger.value) filter (where pol_trigger.code = 'project_report_old') as project_report_old,
    max(pol_trigger.value) filter (where pol_trigger.code = 'slotting_incomplete') as slotting_incomplete,
    max(pol_trigger.value) filter (where pol_trigger.code = 'publication_overdue') as publication_overdue,
    map_from_entries(
        list(
            struct_pack(code := pol_trigger.code, reason := pol_trigger.reason) order by pol_trigger.code
        ) filter (where pol_trigger.reason is not null)
    ) as meanwhile
from pol_segment
left join pol_trigger on pol_segment.segment = pol_trigger.segment
group by pol_segment.segment
