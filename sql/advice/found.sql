-- One row per line that something helps: the least trouble that brings its limit back, or else to a better
-- one than it would have by paying in time alone. Once a person would be asked, what comes after is theirs
-- and is not told.
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
),

reached as (
    select
        tried.*,
        free.review,
        free.limit_cents,
        free.limit_cents >= unit.old_limit_cents as restores
    from free
    inner join tried on free.unit = tried.unit and free.place = tried.place
    inner join unit on free.unit = unit.unit
    inner join free as idle on free.unit = idle.unit and free.review = idle.review and idle.place = 1
    where
        not free.was_asked
        and free.limit_cents >= unit.new_limit_cents
        and (
            (tried.place = 1 and free.limit_cents > unit.new_limit_cents)
            or (tried.place > 1 and free.limit_cents > idle.limit_cents)
        )
),

best as (
    select reached.*
    from reached
    qualify
        row_number() over (
            partition by reached.unit
            order by
                reached.restores desc, reached.trouble, reached.review, reached.amount_cents, reached.place
        ) = 1
)

select
    best.facility_id,
    best.code,
    case when best.amount_cents > 0 then best.amount_cents end as amount_cents,
    case best.code
        when 'on_time' then advice_review.day
        when 'pay_down_on_time' then advice_review.closed_on
        else best.pay_on
    end as by_on,
    advice_review.day as counts_on,
    best.limit_cents
from best
inner join advice_review on best.review = advice_review.review
order by best.facility_id
