-- One row per change that makes a line worse and set of kinds of grounds (in order, a + between): what it is
-- (linewatch/adverse.py).
create table pol_adverse (
    adverse_change varchar not null,
    kinds varchar not null,
    adverse_action varchar not null,
    adverse_because varchar not null
)
