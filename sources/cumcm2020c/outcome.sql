-- One row per enterprise: whether it defaulted, and how the bank rated it (1 the best). Read by the check of
-- a scorecard alone; never by a night.
select
    'CUMCM-' || 企业代号 as borrower_id,
    是否违约 = '是' as defaulted,
    case 信誉评级 when 'A' then 1 when 'B' then 2 when 'C' then 3 when 'D' then 4 end as rating
from source_firm
order by borrower_id
