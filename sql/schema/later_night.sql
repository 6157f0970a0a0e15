-- One row per committed night whose decisions were looked through for what became of lines.
create table later_night (
    as_of date not null,
    primary key (as_of)
)
