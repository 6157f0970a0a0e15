-- One row per country that the profile maps to a pack of law.
create table law_country (
    jurisdiction varchar not null,
    pack varchar not null
)
