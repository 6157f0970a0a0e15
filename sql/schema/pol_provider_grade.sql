-- One row per grade of a guarantor or insurer; `unknown`, where it stands, for those of no other row.
create table pol_provider_grade (
    grade varchar not null,
    pd_bp integer not null,
    lgd_bp integer not null
)
