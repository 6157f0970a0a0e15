-- One row per line and record of law in whose scope it is: unknown fits no bound.
select
    law_record.*,
    lines.facility_id,
    lines.borrower_id,
    lines.group_id,
    lines.quarantined,
    law_borrower.annual_income_cents,
    law_borrower.is_helped,
    law_borrower.has_payment_plan,
    case
        when lines.borrower_type = 'consumer' then law_borrower.annual_income_cents else lines.revenue_cents
    end as earned_cents,
    lines.income_kind,
    lines.external_payment_cents,
    lines.external_dpd,
    lines.borrower_dpd,
    lines.rise_consent,
    lines.in_hardship,
    lines.is_identified,
    lines.reviewed_on,
    lines.rate_bp as line_rate_bp
from lines
inner join law_borrower on lines.borrower_id = law_borrower.borrower_id
inner join law_record on law_borrower.pack = law_record.pack
where
    (law_record.borrower_type is null or lines.borrower_type = law_record.borrower_type)
    and (law_record.product is null or lines.product = law_record.product)
    and case law_record.age_group
        when 'under_21' then law_borrower.is_under_21
        when 'student' then law_borrower.is_student
        else true
    end
    and (
        law_record.income_from_cents is null
        or law_borrower.annual_income_cents >= law_record.income_from_cents
    )
    and (
        law_record.income_below_cents is null
        or law_borrower.annual_income_cents < law_record.income_below_cents
    )
    and (
        law_record.revenue_from_cents is null
        or quotient(cast(lines.revenue_cents as hugeint) * lines.statement_rate_ppm, 1000000)
        >= law_record.revenue_from_cents
    )
    and (
        law_record.revenue_below_cents is null
        or quotient(cast(lines.revenue_cents as hugeint) * lines.statement_rate_ppm, 1000000)
        < law_record.revenue_below_cents
    )
