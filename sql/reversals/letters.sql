-- One row per line that is set back: what its correction letter must say, in whose language, to which name.
with reader as (
    select
        stg_borrower.borrower_id,
        stg_borrower.language
    from stg_borrower
    qualify
        row_number() over (
            partition by stg_borrower.borrower_id order by stg_borrower.language nulls last
        ) = 1
),

addressed as (
    select
        stg_contact.borrower_id,
        stg_contact.name
    from stg_contact
    qualify
        row_number() over (partition by stg_contact.borrower_id order by stg_contact.name nulls last) = 1
)

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
    reader.language,
    addressed.name
from undone_line
inner join decisions on undone_line.facility_id = decisions.facility_id
left join reader on undone_line.borrower_id = reader.borrower_id
left join addressed on undone_line.borrower_id = addressed.borrower_id
order by undone_line.facility_id
