-- Responsible persons: terms of office, cases of persons and duties to inform, each folded from numbered steps that hold no name;
-- the persons lie apart, where an erasure reaches them, their numbers sealed.
create table officer(
  uscc text not null, number text not null, kind text not null check(kind in ('term', 'case', 'duty')), unit text not null, listing text not null, term text not null,
  state text not null, steps integer not null, through_on integer, opened_on integer not null, moved_on integer not null,
  primary key(uscc, number)) without rowid;
create unique index officer_by_number on officer(number);
create index officer_by_listing on officer(uscc, listing);
create index officer_by_unit on officer(unit, number);
create table officer_step(
  uscc text not null, number text not null, step integer not null, identity blob not null, seq integer not null,
  at integer not null, salt blob not null, salt2 blob not null, commitment blob not null, body text not null,
  primary key(uscc, number, step)) without rowid;
create table officer_person(
  uscc text not null, number text not null, name text, masked text, sealed text, key blob, mark blob, salt blob,
  primary key(uscc, number)) without rowid;
