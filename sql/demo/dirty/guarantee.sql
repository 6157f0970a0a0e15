-- One row per credit line and guarantee: the sound rows, with those spoiled that bad_row names.
select
    coalesce(b.e1, t.facility_id) as facility_id,
    coalesce(b.e2, t.guarantee_id) as guarantee_id,
    case b.kind
        when 'guarantee_kind_is_given' then null
        when 'guarantee_kind_is_known' then 'promise'
        else t.kind
    end as kind,
    case b.kind when 'guarantee_provider_is_given' then null else t.provider_id end as provider_id,
    t.provider_grade,
    case b.kind
        when 'covered_share_is_given' then null
        when 'covered_share_is_a_share' then 10001
        else t.covered_share_bp
    end as covered_share_bp,
    case b.kind
        when 'guarantee_cap_is_not_negative' then -1
        when 'guarantee_amounts_are_computable' then 1000000000000000
        else t.cap_cents
    end as cap_cents,
    case b.kind when 'guarantee_value_is_not_negative' then -1 else t.value_cents end as value_cents,
    case b.kind when 'guarantee_was_valued' then cast($as_of as date) + 1 else t.valued_on end as valued_on,
    case b.kind when 'guarantee_begin_is_given' then null else t.valid_from end as valid_from,
    case b.kind
        when 'guarantee_ends_after_it_begins' then t.valid_from - 1
        else t.valid_until
    end as valid_until,
    t.status,
    t.recorded_at
from guarantee as t
left join bad_row as b
    on
        b.table_name = 'guarantee' and b.k1 = t.facility_id
        and b.k2 = t.guarantee_id
order by 1, 2
