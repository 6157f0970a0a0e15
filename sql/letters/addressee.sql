-- One row per borrower of the source: the language of their letters, what is held of a fraud, and the name.
with reader as (
    select
        stg_borrower.borrower_id,
        stg_borrower.language,
        stg_borrower.fraud_flag
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
    coalesce(reader.borrower_id, addressed.borrower_id) as borrower_id,
    reader.language,
    reader.fraud_flag,
    addressed.name
from reader
full join addressed on reader.borrower_id = addressed.borrower_id
