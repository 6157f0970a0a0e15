-- One row per enterprise of the list. Of the firm itself the data say nothing but a masked name.
select
    'CUMCM-' || 企业代号 as borrower_id,
    'enterprise' as borrower_type,
    'CN' as jurisdiction,
    'zh' as language
from source_firm
order by borrower_id
