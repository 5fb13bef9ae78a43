-- Repairs: each application with its steps. One open application a record, one case a number of the national window.
create table repair(
  uscc text not null, number text not null, identity blob not null, unit text not null, channel text not null, reference text not null,
  state text not null check(state in ('applied', 'arrived', 'wanting', 'accepted', 'granted', 'not_accepted', 'refused', 'withdrawn', 'stopped', 'revoked')),
  steps integer not null, due_on integer, opened_on integer not null, moved_on integer not null, primary key(uscc, number)) without rowid;
create unique index repair_by_number on repair(number);
create unique index repair_open on repair(uscc, identity) where state in ('applied', 'arrived', 'wanting', 'accepted');
create unique index repair_national on repair(reference) where channel = 'national';
create index repair_by_record on repair(uscc, identity);
create index repair_by_unit on repair(unit, number);
create table repair_step(
  uscc text not null, number text not null, step integer not null, identity blob not null, seq integer not null,
  at integer not null, salt blob not null, salt2 blob not null, commitment blob not null, body text not null,
  primary key(uscc, number, step)) without rowid;
