-- Subscriptions to which changes are brought, each with how far its receiver has acknowledged them (position, told_on) and how
-- far it may know them (tried). Nothing that was sent is kept but its digest.
create table webhook(
  id text collate "C" primary key, unit text collate "C" not null, maker text not null, url text not null,
  items text not null, areas text not null, state text collate "C" not null, reason text collate "C" not null default '',
  act bytea not null, made_at bigint not null, changed_at bigint not null, open_items text collate "C" not null,
  position bigint not null, told_on integer not null, tried bigint not null, acknowledged_at bigint,
  next_at bigint not null default 0, lease bytea, leased_until bigint not null default 0);
create index webhook_by_unit on webhook(unit);
create table webhook_delivery(
  webhook text collate "C" not null, number bigint not null, id text collate "C" not null, digest bytea not null,
  after bigint not null, position bigint not null, through_on integer not null, lines bigint not null,
  state text collate "C" not null, tries bigint not null, first_at bigint not null, tried_at bigint not null,
  status bigint, problem text not null default '', primary key(webhook, number));
-- Public keys under which deliveries are signed; the private ones lie in a file outside.
create table webhook_key(vkey text collate "C" primary key, act bytea not null, since bigint not null, until bigint);
