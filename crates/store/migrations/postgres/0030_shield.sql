-- Shields while a plan of a court is carried out: three more states of a repair, of which one is open.
alter table repair drop constraint repair_state_check;
alter table repair add constraint repair_state_check
  check(state in ('applied', 'arrived', 'wanting', 'accepted', 'shielded', 'restored', 'completed', 'granted', 'not_accepted', 'refused', 'withdrawn', 'stopped', 'revoked'));
drop index repair_open;
create unique index repair_open on repair(uscc, identity) where state in ('applied', 'arrived', 'wanting', 'accepted', 'shielded');
