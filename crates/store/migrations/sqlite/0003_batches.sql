-- Keys with which source units send over HTTP: only a hash is kept. Issuing and revoking are acts of the unit.
create table api_key(
  digest blob primary key, number text not null unique, source text not null, issued_at integer not null,
  issued_by text not null, expires_on integer, revoked_at integer) without rowid;

-- What came over HTTP: with which key, under which key of repetition, and why it failed as a whole (JSON).
alter table batch add column key text not null default '';
alter table batch add column idempotency text not null default '';
alter table batch add column problem text not null default '';
create index batch_by_source on batch(source, received_at);
create index batch_by_idempotency on batch(source, idempotency);

-- From a batch to what it made: batch -> acts -> chunks -> places of contents.
create index act_by_batch on act(batch);
create index chunk_by_act on chunk(act);
-- What waits for a person.
create index record_held on record(uscc, identity) where state = 'held';
