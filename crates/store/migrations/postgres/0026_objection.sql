-- Objections, complaints and replies with their steps, and the marks that stand beside records in every channel. Kinds of marks are
-- open: `at` is the place of the change that set or ended one, so that the change stream tells of it.
create table objection_case(
  uscc text collate "C" not null, number text collate "C" not null, matter text collate "C" not null, identity bytea not null, owner text collate "C" not null, handler text collate "C" not null,
  referred text collate "C" not null default '', state text collate "C" not null, steps integer not null, through_on integer, filed_on integer not null,
  moved_on integer not null, primary key(uscc, number));
create unique index objection_case_by_number on objection_case(number);
create index objection_case_by_record on objection_case(uscc, identity);
create table objection_step(
  uscc text collate "C" not null, number text collate "C" not null, step integer not null, identity bytea not null, seq bigint not null,
  at bigint not null, salt bytea not null, salt2 bytea not null, commitment bytea not null, body text collate "C" not null,
  primary key(uscc, number, step));
create table record_mark(
  uscc text collate "C" not null, identity bytea not null, kind text collate "C" not null, number text collate "C" not null, since_on integer not null,
  through_on integer, at bigint not null, text text collate "C" not null, primary key(uscc, identity, kind, number));
