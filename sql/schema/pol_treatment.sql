-- One row per kind of treatment: what it does to the lines of the borrower.
create table pol_treatment (
    kind varchar not null,
    effect varchar not null
)
