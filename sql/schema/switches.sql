-- One row: which steps of the walk are on, and whether gates and blocks of law are; all are, save where a
-- reason or the limit without the law is looked for.
create table switches (
    gate boolean not null,
    strategy boolean not null,
    affordability boolean not null,
    expected_loss boolean not null,
    exposure boolean not null,
    regulation boolean not null,
    law boolean not null
)
