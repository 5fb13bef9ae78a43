-- Responsible persons: terms of office, cases of persons and duties to inform, each folded from numbered steps that hold no name;
-- the persons lie apart, where an erasure reaches them, their numbers sealed.
create table officer(
  uscc text collate "C" not null, number text collate "C" not null, kind text collate "C" not null check(kind in ('term', 'case', 'duty')), unit text collate "C" not null, listing text collate "C" not null, term text collate "C" not null,
  state text collate "C" not null, steps integer not null, through_on integer, opened_on integer not null, moved_on integer not null,
  primary key(uscc, number));
create unique index officer_by_number on officer(number);
create index officer_by_listing on officer(uscc, listing);
create index officer_by_unit on officer(unit, number);
create table officer_step(
  uscc text collate "C" not null, number text collate "C" not null, step integer not null, identity bytea not null, seq bigint not null,
  at bigint not null, salt bytea not null, salt2 bytea not null, commitment bytea not null, body text collate "C" not null,
  primary key(uscc, number, step));
create table officer_person(
  uscc text collate "C" not null, number text collate "C" not null, name text collate "C", masked text collate "C", sealed text collate "C", key bytea, mark bytea, salt bytea,
  primary key(uscc, number));
