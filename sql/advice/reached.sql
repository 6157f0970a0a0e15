-- One row per unit, thing that was tried and review at which it does something for the line: brings its limit
-- back, or leads to a better one than paying in time alone would. Once a person would be asked, what comes
-- after is theirs and is not told.
with free as (
    select
        advice_value.unit,
        advice_value.place,
        advice_value.review,
        advice_value.limit_cents,
        bool_or(advice_value.is_asked) over (
            partition by advice_value.unit, advice_value.place
            order by advice_value.review
            rows between unbounded preceding and current row
        ) as was_asked
    from advice_value
)

select
    tried.*,
    free.review,
    free.limit_cents,
    free.limit_cents >= unit.old_limit_cents as restores,
    unit.statement_day,
    unit.review_day
from free
inner join all_tried as tried on free.unit = tried.unit and free.place = tried.place
inner join unit on free.unit = unit.unit
inner join free as idle on free.unit = idle.unit and free.review = idle.review and idle.place = 1
where
    not free.was_asked
    and free.limit_cents >= unit.new_limit_cents
    and (
        (tried.place = 1 and free.limit_cents > unit.new_limit_cents)
        or (tried.place > 1 and free.limit_cents > idle.limit_cents)
    )
order by tried.unit, tried.place, free.review
