-- One row per country, kind of borrower and product with an open line: whom a record of law could bind.
select
    borrower.jurisdiction,
    borrower.borrower_type,
    stg_facility.product,
    cast(count(*) as bigint) as lines
from stg_facility
left join borrower on stg_facility.borrower_id = borrower.borrower_id
where stg_facility.status is distinct from 'closed'
group by borrower.jurisdiction, borrower.borrower_type, stg_facility.product
order by borrower.jurisdiction, borrower.borrower_type, stg_facility.product
