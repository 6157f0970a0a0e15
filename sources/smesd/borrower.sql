-- One row per company of the training set.
select
    printf('SMESD-%04d', company_index) as borrower_id,
    'enterprise' as borrower_type,
    'CN' as jurisdiction,
    'zh' as language,
    nullif(industry, '-') as industry_code
from source_company
order by borrower_id
