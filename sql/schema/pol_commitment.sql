-- One row: what the contracts of committed and project lines allow, and when a draw-stop is recommended.
create table pol_commitment (
    freezes varchar[] not null,
    draw_stop_slots varchar[] not null,
    draw_stop_on_covenant boolean not null
)
