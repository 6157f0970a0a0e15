-- One row: the settings of the policy that belong to no segment.
create table pol_setting (
    test_digit_key varchar not null,
    reviews_to_improve integer not null,
    reasons_most integer not null,
    horizon_months integer not null,
    collateral_lgd_bp integer not null,
    class_share_bp integer,
    class_least_lines integer
)
