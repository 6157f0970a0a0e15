-- One row per line that is set back: what its correction letter must say, in whose language, to which name.
select
    undone_line.facility_id,
    undone_line.borrower_id,
    decisions.borrower_type,
    decisions.jurisdiction,
    undone_line.currency,
    'correction' as kind,
    undone_line.limit_cents,
    undone_line.restored_limit_cents as proposed_limit_cents,
    undone_line.rate_bp,
    undone_line.rate_bp as proposed_rate_bp,
    cast($night as date) as decided_on,
    undone_line.effective_on,
    cast(null as date) as deadline_on,
    cast([] as varchar[]) as reason_codes,
    addressee.language,
    addressee.name
from undone_line
inner join decisions on undone_line.facility_id = decisions.facility_id
left join addressee on undone_line.borrower_id = addressee.borrower_id
order by undone_line.facility_id
