-- Shields while a plan of a court is carried out: three more states of a repair, of which one is open; whether it shields its record.
alter table repair drop constraint repair_state_check;
alter table repair add constraint repair_state_check
  check(state in ('applied', 'arrived', 'wanting', 'accepted', 'shielded', 'restored', 'completed', 'granted', 'not_accepted', 'refused', 'withdrawn', 'stopped', 'revoked'));
alter table repair add column shields integer not null default 0;
drop index repair_open;
create unique index repair_open on repair(uscc, identity) where state in ('applied', 'arrived', 'wanting', 'accepted', 'shielded');
