-- One row per unit and kind of thing of which less than the most is worth trying: where the most helps, or
-- brings the line to where less may do more (`may_be_less`); a smaller payment may leave it in a band that is
-- raised, or that is cut less. Not where something of less trouble brings the limit back already.
with least as (
    select
        reached.unit,
        min(reached.trouble) as trouble
    from reached
    where reached.is_most and reached.restores
    group by reached.unit
)

select distinct
    tried.unit,
    tried.trouble
from advice_value
inner join all_tried as tried on advice_value.unit = tried.unit and advice_value.place = tried.place
left join reached
    on
        advice_value.unit = reached.unit and advice_value.place = reached.place
        and advice_value.review = reached.review
left join least on tried.unit = least.unit
where
    tried.is_most
    and (advice_value.may_be_less or reached.unit is not null)
    and (least.trouble is null or tried.trouble <= least.trouble)
order by tried.unit, tried.trouble
