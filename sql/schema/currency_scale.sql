-- One row per currency: what one minor unit weighs, in hundred-thousandths of a US dollar. A fixed
-- scale and no market rate, so that no score moves with an exchange rate.
create table currency_scale (
    currency varchar not null,
    weight integer not null,
    primary key (currency)
)
