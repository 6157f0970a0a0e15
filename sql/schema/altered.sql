-- One row per batch whose rows in the lender's database are not what was handed over.
create table altered (
    batch varchar not null,
    destination varchar not null,
    missing bigint not null,
    differ bigint not null
)
