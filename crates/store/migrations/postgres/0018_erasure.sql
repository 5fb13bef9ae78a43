-- Erased records. Of each stands its row in `record`, without content, salts or columns that say what it held, under a keyed
-- digest of its identity; here the clause, the act, and the numbered change that the erasure itself is.
create table record_erased(
  uscc text collate "C" not null, identity bytea not null, clause text collate "C" not null, act bytea not null, erased_on integer not null,
  seq bigint not null, at bigint not null, salt bytea not null, salt2 bytea not null, commitment bytea not null,
  primary key(uscc, identity));
-- Superseded versions and further sources of erased records: that there was a numbered change, and nothing of what it said.
create table record_erased_change(
  uscc text collate "C" not null, seq bigint not null, identity bytea not null, at bigint not null, commitment bytea not null,
  primary key(uscc, seq));
-- The hash of a header out of which an erasure took what it quoted: the act's root and the proofs of its other changes rest on it.
alter table act add column leaf bytea;
