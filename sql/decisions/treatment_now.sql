-- One row per borrower under a treatment on as_of: the kinds that freeze, hold or forbid a rise, by name.
select
    treatment.borrower_id,
    min(treatment.kind) filter (where pol_treatment.effect = 'freeze') as freeze_kind,
    min(treatment.kind) filter (where pol_treatment.effect = 'hold') as hold_kind,
    min(treatment.kind) filter (where pol_treatment.effect = 'no_rise') as no_rise_kind,
    coalesce(bool_or(treatment.kind = 'complaint'), false) as complaint_open
from treatment
cross join night
inner join pol_treatment on treatment.kind = pol_treatment.kind
where
    treatment.valid_from <= night.as_of
    and (treatment.valid_until is null or treatment.valid_until >= night.as_of)
group by treatment.borrower_id
