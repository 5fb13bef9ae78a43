-- Shields while a plan of a court is carried out: three more states of a repair, of which one is open; whether it shields its record.
create table repair_now(
  uscc text not null, number text not null, identity blob not null, unit text not null, channel text not null, reference text not null,
  state text not null check(state in ('applied', 'arrived', 'wanting', 'accepted', 'shielded', 'restored', 'completed', 'granted', 'not_accepted', 'refused', 'withdrawn', 'stopped', 'revoked')),
  steps integer not null, due_on integer, opened_on integer not null, moved_on integer not null,
  shields integer not null default 0, primary key(uscc, number)) without rowid;
insert into repair_now(uscc, number, identity, unit, channel, reference, state, steps, due_on, opened_on, moved_on)
  select uscc, number, identity, unit, channel, reference, state, steps, due_on, opened_on, moved_on from repair;
drop table repair;
alter table repair_now rename to repair;
create unique index repair_by_number on repair(number);
create unique index repair_open on repair(uscc, identity) where state in ('applied', 'arrived', 'wanting', 'accepted', 'shielded');
create unique index repair_national on repair(reference) where channel = 'national';
create index repair_by_record on repair(uscc, identity);
create index repair_by_unit on repair(unit, number);
create index repair_by_state on repair(state, unit);
create index repair_wanting on repair(moved_on) where state = 'wanting';
create index repair_running on repair(uscc, number) where due_on is not null;
