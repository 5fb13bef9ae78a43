-- Dates are day numbers (days since 1970-01-01), instants microseconds, identities, digests and references bytes.
-- Every table of subject data carries the organisation's code in its key.

create table meta(key text primary key, value text not null) without rowid;

-- Editions of the rulebook by digest; kept for ever, so that every decision can be replayed.
create table rulebook(digest blob primary key, enacted_at integer not null, act blob not null, body blob not null);

-- Directory of units: whoever sends, decides or acts. `seq` numbers what a unit does that concerns no organisation.
create table unit(
  uscc text primary key, name text not null, names text not null default '[]', level text not null default '',
  area text not null default '', parent text not null default '', sector text not null default '',
  regulator text not null default 'other', secrecy_officer text not null default '', secrecy_on integer,
  entrusts text not null default '[]', declared text not null default '{}', seq integer not null default 0);

-- Organisations. `seq` is the number of the last change to the file.
create table subject(
  uscc text primary key, name text not null, folded text not null, status text not null default '',
  registered integer not null default 0, area text not null default '', type text not null default '',
  established_on integer, first_at integer not null, seq integer not null default 0, due integer not null default 1,
  conflicts integer not null default 0);
create table subject_name(
  uscc text not null, folded text not null, name text not null, current integer not null, first_at integer not null,
  primary key(uscc, folded)) without rowid;
-- Old numbers: they propose a candidate to a person and never decide.
create table subject_alias(
  uscc text not null, kind text not null, value text not null, primary key(uscc, kind, value)) without rowid;
create table name_conflict(
  uscc text not null, folded text not null, name text not null, source text not null, batch blob not null,
  at integer not null, resolved text not null default '', primary key(uscc, folded)) without rowid;

create table record(
  uscc text not null, identity blob not null, reference blob not null, item text not null, source text not null,
  authority text not null, decided_on integer not null, state text not null, hold text not null default '',
  class text not null default '', class_stated integer not null default 0, pack text not null default '',
  due_on integer, due_by_law_on integer, due_provisional integer not null default 0, published_on integer,
  from_on integer, through_on integer, repair_from_on integer, version integer not null, seq integer not null,
  at integer not null, salt blob, salt2 blob, commitment blob not null, primary key(uscc, identity));
create index record_by_authority on record(authority, decided_on);

-- Append-only; at = chunk * 4096 + position, and position + 1 is the leaf in the act's tree.
create table record_content(at integer primary key, uscc text not null, body blob);
-- Superseded versions only.
create table record_version(
  uscc text not null, identity blob not null, version integer not null, source text not null, state text not null,
  hold text not null, due_on integer, from_on integer, through_on integer, seq integer not null, at integer not null,
  salt blob, salt2 blob, commitment blob not null, until_at integer not null,
  primary key(uscc, identity, version)) without rowid;
-- Units that sent the same content after the owner: each is a numbered change with a commitment of its own.
create table record_source(
  uscc text not null, identity blob not null, source text not null, seq integer not null, at integer not null,
  salt blob, salt2 blob, commitment blob not null, primary key(uscc, identity, source)) without rowid;

-- Acts. `uscc` is the first organisation touched, else the acting unit.
create table act(
  uscc text not null, id blob not null, kind text not null, at integer not null, batch blob, salt blob not null,
  header text not null, root blob not null, changes integer not null, primary key(uscc, id)) without rowid;
create table act_pending(id blob primary key, uscc text not null, root blob not null, at integer not null) without rowid;
-- `commitments`: 32 bytes a leaf, in the order of positions, so that a proof is one read.
create table chunk(no integer primary key, uscc text not null, act blob not null, commitments blob not null);

-- The public log: one leaf an act, tiles of its Merkle tree.
create table log_leaf(position integer primary key, act blob not null unique, uscc text not null, root blob not null);
create table log_tile(level integer not null, number integer not null, width integer not null, hashes blob not null,
  primary key(level, number)) without rowid;

create table batch(
  id blob primary key, number text not null unique, source text not null, item text not null, file text not null,
  digest blob not null, received_on integer not null, received_at integer not null, finished_at integer,
  channel text not null, state text not null, secrecy_review text not null default '', mapping text not null,
  rulebook blob not null, windows integer not null default 0, chunks integer not null default 0,
  read integer not null default 0, accepted integer not null default 0, unchanged integer not null default 0,
  corrected integer not null default 0, rejected integer not null default 0, held integer not null default 0,
  micros integer not null default 0, hold text not null default '');
create index batch_by_file on batch(source, item, digest);
create table batch_reject(
  batch blob not null, line integer not null, field text not null, code text not null, reason text not null,
  raw blob not null, primary key(batch, line)) without rowid;
