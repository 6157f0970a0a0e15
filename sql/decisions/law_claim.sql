-- One row per line and cap of law in whose scope it is: whose limits the cap adds up, and to how much. A
-- cap by income is not in force for who has none on record.
with claim as (
    select
        law_scope.record_id as cap_row,
        case law_scope.owner
            when 'line' then law_scope.facility_id
            when 'group' then law_scope.group_id
            else law_scope.borrower_id
        end as owner_id,
        law_scope.facility_id,
        coalesce(
            law_scope.cap_cents,
            cast(
                quotient(
                    quotient(cast(law_scope.annual_income_cents as hugeint) * law_scope.value, 12)
                    * law_scope.currency_ppm,
                    1000000
                ) as bigint
            )
        ) as cap_cents
    from law_scope
    where law_scope.type = 'cap'
)

select claim.*
from claim
where claim.cap_cents is not null
