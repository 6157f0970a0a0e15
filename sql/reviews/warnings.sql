-- One row per line that is warned tonight: what would follow, when and why, what would help; in whose
-- language, to which name, and what was measured of the borrower.
select
    warned.facility_id,
    warned.borrower_id,
    decisions.borrower_type,
    decisions.jurisdiction,
    decisions.currency,
    decisions.segment,
    'early_warning' as kind,
    warned.limit_cents,
    warned.warned_limit_cents as proposed_limit_cents,
    warned.effective_on,
    warned.reason_codes,
    borrower.language,
    borrower.fraud_flag,
    contact.name,
    measured.figures,
    warned.advice_standing,
    warned.advice_code,
    warned.advice_amount_cents,
    warned.advice_by_on,
    warned.advice_counts_on,
    warned.advice_limit_cents
from warned
inner join decisions on warned.facility_id = decisions.facility_id
inner join borrower on warned.borrower_id = borrower.borrower_id
left join contact on warned.borrower_id = contact.borrower_id
left join measured on warned.borrower_id = measured.borrower_id
order by warned.facility_id
