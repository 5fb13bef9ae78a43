-- The national side: how far each platform has been given what changed, what it must hold of each record and is known to hold,
-- the packages, its daily counts, and where its copies differ from ours. No content: what is sent is read anew.
create table platform(
  code text collate "C" primary key, position bigint not null, told_on integer not null, open_items text collate "C" not null);
create table platform_row(
  uscc text collate "C" not null, platform text collate "C" not null, reference bytea not null, item text collate "C" not null,
  state text collate "C" not null check(state in ('due', 'sent', 'held', 'refused')),
  wanted integer, verb text collate "C" not null default '', version integer, package bigint, line bigint, held integer, tried integer,
  answered integer not null default 0, code text collate "C" not null default '', field text collate "C" not null default '',
  primary key(uscc, platform, reference));
create unique index platform_row_by_reference on platform_row(platform, reference);
create index platform_row_by_state on platform_row(platform, item, state, reference);
create index platform_row_by_package on platform_row(platform, item, package) where package is not null;
create table platform_package(
  platform text collate "C" not null, item text collate "C" not null, number bigint not null, digest bytea not null, lines bigint not null,
  from_on integer not null, through_on integer not null, made_at bigint not null,
  state text collate "C" not null check(state in ('sent', 'answered', 'lost')), answered_at bigint, taken bigint not null default 0,
  refused bigint not null default 0, primary key(platform, item, number));
create index platform_package_waiting on platform_package(platform, item) where state = 'sent';
create table platform_count(
  platform text collate "C" not null, item text collate "C" not null, counted_on integer not null, theirs bigint not null, ours bigint not null,
  told_at bigint not null, primary key(platform, item, counted_on));
create table platform_difference(
  uscc text collate "C" not null, platform text collate "C" not null, reference bytea not null, kind text collate "C" not null, theirs_through_on integer,
  found_on integer not null, act bytea not null, settled_on integer, settled_act bytea,
  primary key(uscc, platform, reference, kind, found_on));
create unique index platform_difference_open on platform_difference(platform, reference) where settled_on is null;
