-- Measures in force: what the list allows, each measure with its steps, and what each unit has to do. No measure without an item of
-- the list: a foreign key holds that here, a trigger on SQLite.
create table listed_measure(
  measure text collate "C" not null, edition integer not null, primary key(measure, edition));
create table measure(
  uscc text collate "C" not null, number text collate "C" not null, measure text collate "C" not null, edition integer not null, unit text collate "C" not null, cause text collate "C" not null, identity bytea,
  state text collate "C" not null check(state in ('running', 'suspended', 'ended')), steps integer not null, from_on integer not null, through_on integer not null,
  moved_on integer not null, primary key(uscc, number), check(from_on <= through_on),
  foreign key(measure, edition) references listed_measure(measure, edition));
create unique index measure_by_number on measure(number);
create index measure_by_cause on measure(uscc, cause);
create index measure_by_unit on measure(unit, number);
create table measure_step(
  uscc text collate "C" not null, number text collate "C" not null, step integer not null, identity bytea not null, seq bigint not null,
  at bigint not null, salt bytea not null, salt2 bytea not null, commitment bytea not null, body text collate "C" not null,
  primary key(uscc, number, step));
create table measure_task(
  uscc text collate "C" not null, number text collate "C" not null, unit text collate "C" not null, state text collate "C" not null, primary key(uscc, number, unit));
create index measure_task_by_unit on measure_task(unit, number);
