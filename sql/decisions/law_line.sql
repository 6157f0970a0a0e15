-- One row per line in the scope of any record of law that is no cap: what all of them together ask of it.
with asked as (
    select
        law_scope.facility_id,
        cast(min(law_scope.rate_bp) filter (where not law_scope.quarantined) as integer) as law_rate_bp,
        cast(min(law_scope.value) filter (where law_scope.measure = 'reassess_months') as integer)
            as law_reassess_months,
        cast(max(law_scope.value) filter (where law_scope.measure = 'notice_before_days') as integer)
            as law_notice_days,
        cast(min(law_scope.value) filter (where law_scope.measure = 'notice_deadline_days') as integer)
            as law_deadline_days,
        cast(min(law_scope.value) filter (where law_scope.measure = 'most_reasons') as integer)
            as law_most_reasons,
        bool_or(law_scope.measure = 'human_review') as law_asks_person,
        bool_or(law_scope.measure = 'human_review_on_request') as law_heeds_objection,
        list(law_scope.record_id order by law_scope.ordinal) filter (
            where law_scope.measure = 'consent_to_amount'
        ) as law_amount_records
    from law_scope
    where law_scope.type <> 'cap'
    group by law_scope.facility_id
),

bound as (
    select
        law_bound.facility_id,
        list(law_bound.record_id order by law_bound.ordinal) as law_records,
        first(law_bound.block_code order by law_bound.ordinal) filter (where law_bound.type = 'block')
            as law_block,
        bool_or(law_bound.type in ('gate', 'duty')) as law_forbids_rise
    from law_bound
    group by law_bound.facility_id
)

select
    asked.*,
    bound.law_records,
    bound.law_block,
    coalesce(bound.law_forbids_rise, false) as law_forbids_rise
from asked
left join bound on asked.facility_id = bound.facility_id
