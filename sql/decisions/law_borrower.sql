-- One row per borrower of a country with a pack in force: what records of law ask about a person or firm.
with treated as (
    select
        treatment.borrower_id,
        bool_or(treatment.kind in ('forbearance', 'payment_plan', 'breathing_space', 'bankruptcy'))
            as is_helped,
        bool_or(treatment.kind = 'payment_plan') as has_payment_plan
    from treatment, night
    where
        treatment.valid_from <= night.as_of
        and (treatment.valid_until is null or treatment.valid_until >= night.as_of)
    group by treatment.borrower_id
)

select
    borrower.borrower_id,
    law_country.pack,
    borrower.borrower_type,
    coalesce(borrower.annual_income_cents, borrower.net_monthly_income_cents * 12) as annual_income_cents,
    coalesce(borrower.under_21, false) as is_under_21,
    coalesce(borrower.student, false) as is_student,
    coalesce(treated.is_helped, false) as is_helped,
    coalesce(treated.has_payment_plan, false) as has_payment_plan
from borrower
inner join law_country on borrower.jurisdiction = law_country.jurisdiction
left join treated on borrower.borrower_id = treated.borrower_id
where law_country.pack in (select law_record.pack from law_record)
