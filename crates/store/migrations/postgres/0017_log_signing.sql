-- The names under which the log is signed, each with its key; the one registered last signs.
create table log_key(
  origin text collate "C" primary key, vkey text collate "C" not null, act bytea not null, from_size bigint not null,
  at bigint not null);
-- What was signed: the newest ones, and of older ones those that a witness has cosigned.
create table log_checkpoint(
  origin text collate "C" not null, size bigint not null, note text not null, at bigint not null, primary key(origin, size));
-- Where checkpoints are told: a folder or a witness that cosigns. `size` is the last one that it took.
create table log_witness(
  name text collate "C" primary key, kind text collate "C" not null, target text not null, vkey text not null,
  act bytea not null, since bigint not null, until bigint, size bigint not null default 0, told_at bigint,
  problem text not null default '');
create table log_cosignature(
  origin text collate "C" not null, size bigint not null, witness text collate "C" not null, line text not null,
  at bigint not null, primary key(origin, size, witness));
