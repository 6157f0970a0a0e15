-- One row per line that the night had changed and its revision sets otherwise: what its correction must say.
select
    revised_line.facility_id,
    revised_line.borrower_id,
    revised_line.borrower_type,
    revised_line.jurisdiction,
    revised_line.currency,
    'correction' as kind,
    revised_line.old_limit_cents as limit_cents,
    revised_line.new_limit_cents as proposed_limit_cents,
    revised_line.new_rate_bp as rate_bp,
    revised_line.new_rate_bp as proposed_rate_bp,
    cast($as_of as date) as decided_on,
    revised_line.effective_on,
    cast(null as date) as deadline_on,
    cast([] as varchar[]) as reason_codes,
    addressee.language,
    addressee.name
from revised_line
left join addressee on revised_line.borrower_id = addressee.borrower_id
where
    revised_line.told_effective_on is not null
    and (
        revised_line.new_limit_cents <> revised_line.old_limit_cents
        or revised_line.new_own_block <> revised_line.old_own_block
    )
order by revised_line.facility_id
