-- Measures in force: what the list allows, each measure with its steps, and what each unit has to do. No measure without an item of
-- the list: a trigger holds that here, a foreign key on PostgreSQL.
create table listed_measure(
  measure text not null, edition integer not null, primary key(measure, edition)) without rowid;
create table measure(
  uscc text not null, number text not null, measure text not null, edition integer not null, unit text not null, cause text not null, identity blob,
  state text not null check(state in ('running', 'suspended', 'ended')), steps integer not null, from_on integer not null, through_on integer not null,
  moved_on integer not null, primary key(uscc, number), check(from_on <= through_on)) without rowid;
create trigger measure_is_listed before insert on measure
  when not exists (select 1 from listed_measure l where l.measure = new.measure and l.edition = new.edition)
  begin select raise(abort, 'measure_unlisted'); end;
create unique index measure_by_number on measure(number);
create index measure_by_cause on measure(uscc, cause);
create index measure_by_unit on measure(unit, number);
create table measure_step(
  uscc text not null, number text not null, step integer not null, identity blob not null, seq integer not null,
  at integer not null, salt blob not null, salt2 blob not null, commitment blob not null, body text not null,
  primary key(uscc, number, step)) without rowid;
create table measure_task(
  uscc text not null, number text not null, unit text not null, state text not null, primary key(uscc, number, unit)) without rowid;
create index measure_task_by_unit on measure_task(unit, number);
