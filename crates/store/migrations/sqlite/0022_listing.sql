-- Cases of listings with their steps, the documents they rest on, and the letters, numbered per unit and year without gaps.
create table listing_case(
  uscc text not null, number text not null, list text not null, unit text not null, state text not null, identity blob,
  steps integer not null, stayed integer not null default 0, opened_on integer not null, moved_on integer not null,
  primary key(uscc, number)) without rowid;
create unique index listing_case_by_number on listing_case(number);
create index listing_case_by_unit on listing_case(unit, number);
create table listing_step(
  uscc text not null, number text not null, step integer not null, identity blob not null, seq integer not null,
  at integer not null, salt blob not null, salt2 blob not null, commitment blob not null, body text not null,
  primary key(uscc, number, step)) without rowid;
create table listing_base(
  uscc text not null, identity blob not null, number text not null, primary key(uscc, identity, number)) without rowid;
create table listing_letter(
  unit text not null, year integer not null, serial integer not null, uscc text not null, number text not null,
  kind text not null, letter text not null, title text not null, body text not null, made_on integer not null,
  primary key(unit, year, serial)) without rowid;
create index listing_letter_by_case on listing_letter(uscc, number);
