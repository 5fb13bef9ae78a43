-- Erased records. Of each stands its row in `record`, without content, salts or columns that say what it held, under a keyed
-- digest of its identity; here the clause, the act, and the numbered change that the erasure itself is.
create table record_erased(
  uscc text not null, identity blob not null, clause text not null, act blob not null, erased_on integer not null,
  seq integer not null, at integer not null, salt blob not null, salt2 blob not null, commitment blob not null,
  primary key(uscc, identity)) without rowid;
-- Superseded versions and further sources of erased records: that there was a numbered change, and nothing of what it said.
create table record_erased_change(
  uscc text not null, seq integer not null, identity blob not null, at integer not null, commitment blob not null,
  primary key(uscc, seq)) without rowid;
-- The hash of a header out of which an erasure took what it quoted: the act's root and the proofs of its other changes rest on it.
alter table act add column leaf blob;
