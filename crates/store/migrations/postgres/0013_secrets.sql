-- Contents that hold sealed numbers, and the key of each: what a rotation has still before it.
create table record_secret(
  uscc text collate "C" not null, at bigint not null, key bytea not null, primary key(uscc, at));
create index record_secret_by_key on record_secret(key, at);
-- The blind index: a keyed digest of each sealed number of a standing version.
create table record_secret_mark(
  uscc text collate "C" not null, identity bytea not null, field text collate "C" not null, mark bytea not null,
  primary key(uscc, identity, field));
create index record_secret_mark_by_mark on record_secret_mark(mark);
