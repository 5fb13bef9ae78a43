-- Subscriptions to which changes are brought, each with how far its receiver has acknowledged them (position, told_on) and how
-- far it may know them (tried). Nothing that was sent is kept but its digest.
create table webhook(
  id text primary key, unit text not null, maker text not null, url text not null, items text not null, areas text not null,
  state text not null, reason text not null default '', act blob not null, made_at integer not null,
  changed_at integer not null, open_items text not null, position integer not null, told_on integer not null,
  tried integer not null, acknowledged_at integer, next_at integer not null default 0, lease blob,
  leased_until integer not null default 0) without rowid;
create index webhook_by_unit on webhook(unit);
create table webhook_delivery(
  webhook text not null, number integer not null, id text not null, digest blob not null, after integer not null,
  position integer not null, through_on integer not null, lines integer not null, state text not null,
  tries integer not null, first_at integer not null, tried_at integer not null, status integer,
  problem text not null default '', primary key(webhook, number)) without rowid;
-- Public keys under which deliveries are signed; the private ones lie in a file outside.
create table webhook_key(vkey text primary key, act blob not null, since integer not null, until integer) without rowid;
