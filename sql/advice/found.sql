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
        free.limit_cents >= unit.old_limit_cents as restores,
        unit.statement_day
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
),

-- A line is reviewed after its statement: what counts on a day shows on the first statement from then on.
dated as (
    select
        best.*,
        advice_review.closed_on,
        cast(date_trunc('month', advice_review.day) as date) as month_on,
        cast(date_trunc('month', advice_review.day) + interval 1 month as date) as next_month_on,
        month_on + cast(least(best.statement_day, day(last_day(month_on))) as integer) - 1 as statement_on,
        case
            when best.statement_day is null then advice_review.day
            when statement_on >= advice_review.day then statement_on
            else next_month_on + cast(least(best.statement_day, day(last_day(next_month_on))) as integer) - 1
        end as counts_on
    from best
    inner join advice_review on best.review = advice_review.review
)

select
    dated.facility_id,
    dated.code,
    case when dated.amount_cents > 0 then dated.amount_cents end as amount_cents,
    case dated.code
        when 'on_time' then dated.counts_on
        when 'pay_down_on_time' then dated.closed_on
        else dated.pay_on
    end as by_on,
    dated.counts_on,
    dated.limit_cents
from dated
order by dated.facility_id
