-- Contents that hold sealed numbers, and the key of each: what a rotation has still before it.
create table record_secret(
  uscc text not null, at integer not null, key blob not null, primary key(uscc, at)) without rowid;
create index record_secret_by_key on record_secret(key, at);
-- The blind index: a keyed digest of each sealed number of a standing version.
create table record_secret_mark(
  uscc text not null, identity blob not null, field text not null, mark blob not null,
  primary key(uscc, identity, field)) without rowid;
create index record_secret_mark_by_mark on record_secret_mark(mark);
