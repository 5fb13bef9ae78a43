-- Dates are day numbers (days since 1970-01-01), instants microseconds, identities, digests and references bytes.
-- Every table of subject data carries the organisation's code in its key.

create table meta(key text collate "C" primary key, value text collate "C" not null);

-- Editions of the rulebook by digest; kept for ever, so that every decision can be replayed.
create table rulebook(digest bytea primary key, enacted_at bigint not null, act bytea not null, body bytea not null);

-- Directory of units: whoever sends, decides or acts. `seq` numbers what a unit does that concerns no organisation.
create table unit(
  uscc text collate "C" primary key, name text collate "C" not null, names text collate "C" not null default '[]', level text collate "C" not null default '',
  area text collate "C" not null default '', parent text collate "C" not null default '', sector text collate "C" not null default '',
  regulator text collate "C" not null default 'other', secrecy_officer text collate "C" not null default '', secrecy_on integer,
  entrusts text collate "C" not null default '[]', declared text collate "C" not null default '{}', seq bigint not null default 0);

-- Organisations. `seq` is the number of the last change to the file.
create table subject(
  uscc text collate "C" primary key, name text collate "C" not null, folded text collate "C" not null, status text collate "C" not null default '',
  registered smallint not null default 0, area text collate "C" not null default '', type text collate "C" not null default '',
  established_on integer, first_at bigint not null, seq bigint not null default 0, due smallint not null default 1,
  conflicts integer not null default 0);
create table subject_name(
  uscc text collate "C" not null, folded text collate "C" not null, name text collate "C" not null, current smallint not null, first_at bigint not null,
  primary key(uscc, folded));
-- Old numbers: they propose a candidate to a person and never decide.
create table subject_alias(
  uscc text collate "C" not null, kind text collate "C" not null, value text collate "C" not null, primary key(uscc, kind, value));
create table name_conflict(
  uscc text collate "C" not null, folded text collate "C" not null, name text collate "C" not null, source text collate "C" not null, batch bytea not null,
  at bigint not null, resolved text collate "C" not null default '', primary key(uscc, folded));

create table record(
  uscc text collate "C" not null, identity bytea not null, reference bytea not null, item text collate "C" not null, source text collate "C" not null,
  authority text collate "C" not null, decided_on integer not null, state text collate "C" not null, hold text collate "C" not null default '',
  class text collate "C" not null default '', class_stated smallint not null default 0, pack text collate "C" not null default '',
  due_on integer, due_by_law_on integer, due_provisional smallint not null default 0, published_on integer,
  from_on integer, through_on integer, repair_from_on integer, version integer not null, seq bigint not null,
  at bigint not null, salt bytea, salt2 bytea, commitment bytea not null, primary key(uscc, identity));
create index record_by_authority on record(authority, decided_on);

-- Append-only; at = chunk * 4096 + position, and position + 1 is the leaf in the act's tree.
create table record_content(at bigint not null, uscc text collate "C" not null, body bytea, primary key(at, uscc));
-- Superseded versions only.
create table record_version(
  uscc text collate "C" not null, identity bytea not null, version integer not null, source text collate "C" not null, state text collate "C" not null,
  hold text collate "C" not null, due_on integer, from_on integer, through_on integer, seq bigint not null, at bigint not null,
  salt bytea, salt2 bytea, commitment bytea not null, until_at bigint not null,
  primary key(uscc, identity, version));
-- Units that sent the same content after the owner: each is a numbered change with a commitment of its own.
create table record_source(
  uscc text collate "C" not null, identity bytea not null, source text collate "C" not null, seq bigint not null, at bigint not null,
  salt bytea, salt2 bytea, commitment bytea not null, primary key(uscc, identity, source));

-- Acts. `uscc` is the first organisation touched, else the acting unit.
create table act(
  uscc text collate "C" not null, id bytea not null, kind text collate "C" not null, at bigint not null, batch bytea, salt bytea not null,
  header text collate "C" not null, root bytea not null, changes bigint not null, primary key(uscc, id));
create table act_pending(id bytea primary key, uscc text collate "C" not null, root bytea not null, at bigint not null);
-- `commitments`: 32 bytes a leaf, in the order of positions, so that a proof is one read.
create table chunk(no bigint primary key, uscc text collate "C" not null, act bytea not null, commitments bytea not null);

-- The public log: one leaf an act, tiles of its Merkle tree.
create table log_leaf(position bigint primary key, act bytea not null unique, uscc text collate "C" not null, root bytea not null);
create table log_tile(level bigint not null, number bigint not null, width bigint not null, hashes bytea not null,
  primary key(level, number));

create table batch(
  id bytea primary key, number text collate "C" not null unique, source text collate "C" not null, item text collate "C" not null, file text collate "C" not null,
  digest bytea not null, received_on integer not null, received_at bigint not null, finished_at bigint,
  channel text collate "C" not null, state text collate "C" not null, secrecy_review text collate "C" not null default '', mapping text collate "C" not null,
  rulebook bytea not null, windows bigint not null default 0, chunks bigint not null default 0,
  read bigint not null default 0, accepted bigint not null default 0, unchanged bigint not null default 0,
  corrected bigint not null default 0, rejected bigint not null default 0, held bigint not null default 0,
  micros bigint not null default 0, hold text collate "C" not null default '');
create index batch_by_file on batch(source, item, digest);
create table batch_reject(
  batch bytea not null, line bigint not null, field text collate "C" not null, code text collate "C" not null, reason text collate "C" not null,
  raw bytea not null, primary key(batch, line));
