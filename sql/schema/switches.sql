-- One row per variant of the walk that is walked at once: which steps are on, and whether gates and blocks of
-- law are. The night's own, in which all are, is variant 0.
create table switches (
    variant utinyint not null,
    gate boolean not null,
    strategy boolean not null,
    affordability boolean not null,
    expected_loss boolean not null,
    exposure boolean not null,
    regulation boolean not null,
    law boolean not null
)
