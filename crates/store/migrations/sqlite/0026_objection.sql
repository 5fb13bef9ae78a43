-- Objections, complaints and replies with their steps, and the marks that stand beside records in every channel. Kinds of marks are
-- open: `at` is the place of the change that set or ended one, so that the change stream tells of it.
create table objection_case(
  uscc text not null, number text not null, matter text not null, identity blob not null, owner text not null, handler text not null,
  referred text not null default '', state text not null, steps integer not null, through_on integer, filed_on integer not null,
  moved_on integer not null, primary key(uscc, number)) without rowid;
create unique index objection_case_by_number on objection_case(number);
create index objection_case_by_record on objection_case(uscc, identity);
create table objection_step(
  uscc text not null, number text not null, step integer not null, identity blob not null, seq integer not null,
  at integer not null, salt blob not null, salt2 blob not null, commitment blob not null, body text not null,
  primary key(uscc, number, step)) without rowid;
create table record_mark(
  uscc text not null, identity blob not null, kind text not null, number text not null, since_on integer not null,
  through_on integer, at integer not null, text text not null, primary key(uscc, identity, kind, number)) without rowid;
