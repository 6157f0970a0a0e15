-- One row: the currency in which exposures are added up.
create table reporting (
    currency varchar not null
)
