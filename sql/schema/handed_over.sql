-- One row per place that is due a batch's changes: whether they were handed over.
create table handed_over (
    destination varchar not null,
    batch varchar not null,
    delivered boolean not null
)
