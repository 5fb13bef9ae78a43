-- The names under which the log is signed, each with its key; the one registered last signs.
create table log_key(
  origin text primary key, vkey text not null, act blob not null, from_size integer not null, at integer not null) without rowid;
-- What was signed: the newest ones, and of older ones those that a witness has cosigned.
create table log_checkpoint(
  origin text not null, size integer not null, note text not null, at integer not null, primary key(origin, size)) without rowid;
-- Where checkpoints are told: a folder or a witness that cosigns. `size` is the last one that it took.
create table log_witness(
  name text primary key, kind text not null, target text not null, vkey text not null, act blob not null,
  since integer not null, until integer, size integer not null default 0, told_at integer, problem text not null default '')
  without rowid;
create table log_cosignature(
  origin text not null, size integer not null, witness text not null, line text not null, at integer not null,
  primary key(origin, size, witness)) without rowid;
