-- Cases of listings with their steps, the documents they rest on, and the letters, numbered per unit and year without gaps.
create table listing_case(
  uscc text collate "C" not null, number text collate "C" not null, list text collate "C" not null, unit text collate "C" not null, state text collate "C" not null, identity bytea,
  steps integer not null, stayed integer not null default 0, opened_on integer not null, moved_on integer not null,
  primary key(uscc, number));
create unique index listing_case_by_number on listing_case(number);
create index listing_case_by_unit on listing_case(unit, number);
create table listing_step(
  uscc text collate "C" not null, number text collate "C" not null, step integer not null, identity bytea not null, seq bigint not null,
  at bigint not null, salt bytea not null, salt2 bytea not null, commitment bytea not null, body text collate "C" not null,
  primary key(uscc, number, step));
create table listing_base(
  uscc text collate "C" not null, identity bytea not null, number text collate "C" not null, primary key(uscc, identity, number));
create table listing_letter(
  unit text collate "C" not null, year integer not null, serial integer not null, uscc text collate "C" not null, number text collate "C" not null,
  kind text collate "C" not null, letter text collate "C" not null, title text collate "C" not null, body text collate "C" not null, made_on integer not null,
  primary key(unit, year, serial));
create index listing_letter_by_case on listing_letter(uscc, number);
