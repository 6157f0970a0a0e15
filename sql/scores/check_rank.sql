-- One row: the sums that the rank correlation (Spearman) of score and rating is made of. Ranks are doubled,
-- so that the middle of tied ones is whole; the highest score and the best rating have the highest rank.
with ranked as (
    select
        2 * rank() over (order by scores.score) + count(*) over (partition by scores.score) - 1 as by_score,
        2 * rank() over (order by check_rating.rating desc)
        + count(*) over (partition by check_rating.rating)
        - 1 as by_rating
    from scores
    inner join check_rating using (borrower_id)
)

select
    count(*) as rated,
    cast(coalesce(sum(by_score * by_rating), 0) as bigint) as product_sum,
    cast(coalesce(sum(by_score * by_score), 0) as bigint) as score_sum,
    cast(coalesce(sum(by_rating * by_rating), 0) as bigint) as rating_sum
from ranked
