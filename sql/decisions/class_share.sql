-- One row per class, ground and part of the limit: what share of the class is cut so tonight, of all its
-- lines. Of classes that the policy finds large enough alone.
with class_size as (
    select
        unclassed.product,
        unclassed.borrower_type,
        unclassed.jurisdiction,
        count(*) as lines
    from unclassed
    cross join pol_setting
    group by
        unclassed.product, unclassed.borrower_type, unclassed.jurisdiction, pol_setting.class_least_lines
    having count(*) >= pol_setting.class_least_lines
)

select
    class_ground.product,
    class_ground.borrower_type,
    class_ground.jurisdiction,
    class_ground.step,
    class_ground.measure,
    class_ground.percent,
    cast(count(*) filter (where class_ground.is_cut) * 10000 // max(class_size.lines) as integer)
        as class_share_bp,
    max(class_size.lines) as lines
from class_ground
inner join
    class_size
    on
        class_ground.product is not distinct from class_size.product
        and class_ground.borrower_type is not distinct from class_size.borrower_type
        and class_ground.jurisdiction is not distinct from class_size.jurisdiction
group by
    class_ground.product, class_ground.borrower_type, class_ground.jurisdiction, class_ground.step,
    class_ground.measure, class_ground.percent
