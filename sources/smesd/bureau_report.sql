-- One row per company: how many suits it lost as the defendant in the last sixty months. The court records
-- know every company, so none on record is none.
select
    printf('SMESD-%04d', source_company.company_index) as borrower_id,
    cast($as_of as date) as pulled_on,
    'court records' as provider,
    cast(count(source_lawsuit.company_index) as integer) as public_record_count
from source_company
left join source_lawsuit
    on
        source_company.company_index = source_lawsuit.company_index
        and source_lawsuit.result_category = 3
        and source_lawsuit.months_before_observation < 60
group by source_company.company_index
order by borrower_id
