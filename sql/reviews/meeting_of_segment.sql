-- One row per segment of which a trigger invites: the triggers that invite to each meeting.
select
    pol_trigger.segment,
    list(pol_trigger.code order by pol_trigger.code) filter (where pol_trigger.invites = 'site_visit')
        as site_visit,
    list(pol_trigger.code order by pol_trigger.code) filter (where pol_trigger.invites = 'interview')
        as interview
from pol_trigger
where pol_trigger.invites is not null
group by pol_trigger.segment
