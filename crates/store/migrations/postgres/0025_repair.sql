-- Repairs: each application with its steps. One open application a record, one case a number of the national window.
create table repair(
  uscc text collate "C" not null, number text collate "C" not null, identity bytea not null, unit text collate "C" not null, channel text collate "C" not null, reference text collate "C" not null,
  state text collate "C" not null check(state in ('applied', 'arrived', 'wanting', 'accepted', 'granted', 'not_accepted', 'refused', 'withdrawn', 'stopped', 'revoked')),
  steps integer not null, due_on integer, opened_on integer not null, moved_on integer not null, primary key(uscc, number));
create unique index repair_by_number on repair(number);
create unique index repair_open on repair(uscc, identity) where state in ('applied', 'arrived', 'wanting', 'accepted');
create unique index repair_national on repair(reference) where channel = 'national';
create index repair_by_record on repair(uscc, identity);
create index repair_by_unit on repair(unit, number);
create table repair_step(
  uscc text collate "C" not null, number text collate "C" not null, step integer not null, identity bytea not null, seq bigint not null,
  at bigint not null, salt bytea not null, salt2 bytea not null, commitment bytea not null, body text collate "C" not null,
  primary key(uscc, number, step));
