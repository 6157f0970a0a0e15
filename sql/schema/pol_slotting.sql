-- One row: how projects are slotted.
create table pol_slotting (
    assessment_months integer not null,
    unknown_counts integer not null,
    default_phases varchar[] not null,
    financial_strength_weight_bp integer not null,
    political_legal_weight_bp integer not null,
    transaction_weight_bp integer not null,
    sponsor_weight_bp integer not null,
    security_weight_bp integer not null
)
