-- One row per age of valuation: from above one number of months up to another, both whole.
create table pol_valuation_haircut (
    above_months integer,
    up_to_months integer,
    haircut_bp integer not null
)
