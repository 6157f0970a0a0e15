-- One row per borrower and day of assessment: the sound rows, with those spoiled that bad_row names.
select
    coalesce(b.e1, t.borrower_id) as borrower_id,
    coalesce(cast(b.e2 as date), t.assessed_on) as assessed_on,
    case b.kind when 'market_position_is_a_mark' then 9 else t.market_position end as market_position,
    case b.kind
        when 'management_quality_is_a_mark' then 0
        else t.management_quality
    end as management_quality,
    case b.kind
        when 'slotting_financial_strength_is_a_mark' then 5
        else t.financial_strength
    end as financial_strength,
    case b.kind
        when 'slotting_political_legal_is_a_mark' then 5
        else t.political_legal
    end as political_legal,
    case b.kind when 'slotting_transaction_is_a_mark' then 5 else t.transaction end as transaction,
    case b.kind when 'slotting_sponsor_is_a_mark' then 5 else t.sponsor end as sponsor,
    case b.kind when 'slotting_security_is_a_mark' then 5 else t.security end as security,
    case b.kind when 'assessor_is_given' then null else t.assessor end as assessor,
    t.recorded_at
from assessment as t
left join bad_row as b
    on
        b.table_name = 'assessment' and b.k1 = t.borrower_id
        and b.k2 = cast(t.assessed_on as varchar)
order by 1, 2
