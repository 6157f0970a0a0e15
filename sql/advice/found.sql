-- One row per line that something helps: the least trouble that brings its limit back, or else to a better
-- one than it would have by paying in time alone; of that what does so first, and as little as does.
with best as (
    select reached.*
    from reached
    left join helping on reached.unit = helping.unit and reached.trouble = helping.trouble
    where reached.is_most or helping.unit is not null
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
    inner join advice_review
        on best.review = advice_review.review and best.review_day = advice_review.review_day
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
