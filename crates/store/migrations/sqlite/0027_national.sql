-- The national side: how far each platform has been given what changed, what it must hold of each record and is known to hold,
-- the packages, its daily counts, and where its copies differ from ours. No content: what is sent is read anew.
create table platform(
  code text primary key, position integer not null, told_on integer not null, open_items text not null) without rowid;
create table platform_row(
  uscc text not null, platform text not null, reference blob not null, item text not null,
  state text not null check(state in ('due', 'sent', 'held', 'refused')),
  wanted integer, verb text not null default '', version integer, package integer, line integer, held integer, tried integer,
  answered integer not null default 0, code text not null default '', field text not null default '',
  primary key(uscc, platform, reference)) without rowid;
create unique index platform_row_by_reference on platform_row(platform, reference);
create index platform_row_by_state on platform_row(platform, item, state, reference);
create index platform_row_by_package on platform_row(platform, item, package) where package is not null;
create table platform_package(
  platform text not null, item text not null, number integer not null, digest blob not null, lines integer not null,
  from_on integer not null, through_on integer not null, made_at integer not null,
  state text not null check(state in ('sent', 'answered', 'lost')), answered_at integer, taken integer not null default 0,
  refused integer not null default 0, primary key(platform, item, number)) without rowid;
create index platform_package_waiting on platform_package(platform, item) where state = 'sent';
create table platform_count(
  platform text not null, item text not null, counted_on integer not null, theirs integer not null, ours integer not null,
  told_at integer not null, primary key(platform, item, counted_on)) without rowid;
create table platform_difference(
  uscc text not null, platform text not null, reference blob not null, kind text not null, theirs_through_on integer,
  found_on integer not null, act blob not null, settled_on integer, settled_act blob,
  primary key(uscc, platform, reference, kind, found_on)) without rowid;
create unique index platform_difference_open on platform_difference(platform, reference) where settled_on is null;
