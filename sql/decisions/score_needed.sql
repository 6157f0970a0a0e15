-- One row per falling line with a matrix cell: hundredths of a point that its score lacks for the worst
-- grade that would have kept the limit in its utilisation band; null where no grade would.
with kept as (
    select
        decided.facility_id,
        decided.scorecard,
        decided.score,
        max(pol_band.pd_below_bp) as pd_below_bp
    from ground_line
    inner join decided on ground_line.facility_id = decided.facility_id
    inner join
        pol_strategy
        on
            decided.segment = pol_strategy.segment
            and decided.utilisation_band = pol_strategy.band
            and pol_strategy.target_bp >= 10000
    inner join pol_band on decided.subject = pol_band.subject and pol_strategy.rating = pol_band.grade
    group by decided.facility_id, decided.scorecard, decided.score
)

select
    kept.facility_id,
    min(scorecard_pd.score_from) - kept.score as needed
from kept
inner join
    scorecard_pd
    on kept.scorecard = scorecard_pd.scorecard and scorecard_pd.pd_bp < kept.pd_below_bp
group by kept.facility_id, kept.score
