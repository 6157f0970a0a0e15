-- One row per falling line that its grade would have kept in a lower utilisation band.
select distinct decided.facility_id
from ground_line
inner join decided on ground_line.facility_id = decided.facility_id
inner join pol_utilisation_band as own on decided.utilisation_band = own.band
inner join pol_utilisation_band as lower_band on own.ordinal > lower_band.ordinal
inner join
    pol_strategy
    on
        decided.segment = pol_strategy.segment
        and decided.rating = pol_strategy.rating
        and lower_band.band = pol_strategy.band
        and pol_strategy.target_bp >= 10000
