-- One row per open line of a segment rated by slot: the marks that count, the score, and the slot.
with marked as (
    select
        stg_facility.facility_id,
        pol_slotting.* exclude (assessment_months),
        assessment_now.slotted_on,
        assessment_now.slotted_on + to_months(pol_slotting.assessment_months) > night.as_of as counts,
        case when counts then assessment_now.financial_strength end as slot_financial_strength,
        case when counts then assessment_now.political_legal end as slot_political_legal,
        case when counts then assessment_now.transaction end as slot_transaction,
        case when counts then assessment_now.sponsor end as slot_sponsor,
        case when counts then assessment_now.security end as slot_security,
        coalesce(default_now.in_default, false)
        or coalesce(list_contains(pol_slotting.default_phases, project_now.phase), false) as is_default
    from stg_facility
    cross join night
    cross join pol_slotting
    inner join line_segment on stg_facility.facility_id = line_segment.facility_id
    inner join pol_segment on line_segment.ordinal = pol_segment.ordinal and pol_segment.rated_by = 'slot'
    left join assessment_now on stg_facility.borrower_id = assessment_now.borrower_id
    left join default_now on stg_facility.borrower_id = default_now.borrower_id
    left join project_now on stg_facility.facility_id = project_now.facility_id
),

scored as (
    select
        marked.*,
        coalesce(marked.slot_financial_strength, marked.unknown_counts) * marked.financial_strength_weight_bp
        + coalesce(marked.slot_political_legal, marked.unknown_counts) * marked.political_legal_weight_bp
        + coalesce(marked.slot_transaction, marked.unknown_counts) * marked.transaction_weight_bp
        + coalesce(marked.slot_sponsor, marked.unknown_counts) * marked.sponsor_weight_bp
        + coalesce(marked.slot_security, marked.unknown_counts) * marked.security_weight_bp as slot_score_bp,
        cast(marked.slot_financial_strength is null as integer)
        + cast(marked.slot_political_legal is null as integer)
        + cast(marked.slot_transaction is null as integer)
        + cast(marked.slot_sponsor is null as integer)
        + cast(marked.slot_security is null as integer) as missing_factors
    from marked
),

slotted as (
    select
        scored.*,
        case when scored.is_default then 'default' else coalesce(reached.slot, 'weak') end as slot
    from scored
    left join pol_slot as reached on scored.slot_score_bp >= reached.from_bp
    qualify row_number() over (partition by scored.facility_id order by reached.from_bp desc nulls last) = 1
)

select
    slotted.facility_id,
    slotted.slotted_on,
    slotted.slot_financial_strength,
    slotted.slot_political_legal,
    slotted.slot_transaction,
    slotted.slot_sponsor,
    slotted.slot_security,
    slotted.unknown_counts,
    slotted.missing_factors,
    cast(slotted.slot_score_bp as integer) as slot_score_bp,
    pol_slot.slot,
    pol_slot.el_bp as slot_el_bp
from slotted
inner join pol_slot on slotted.slot = pol_slot.slot
