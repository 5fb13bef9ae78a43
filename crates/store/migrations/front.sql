-- Staging tables (前置库) of departments: what belongs to all of them. Run again it changes nothing.
create schema if not exists credence_front;
-- Which login role sends for which unit: the operator's to say.
create table if not exists credence_front.sender(role text primary key, unit text not null);
create table if not exists credence_front.batch(
  number text primary key, item text not null, unit text not null, taken_at timestamptz not null default clock_timestamp(),
  told_at timestamptz);
create index if not exists batch_open on credence_front.batch(taken_at) where told_at is null;
-- The unit of whoever is logged in, whatever role he has taken on since.
create or replace function credence_front.own_unit() returns text language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$ select unit from credence_front.sender where role = session_user $$;
revoke all on function credence_front.own_unit() from public;
revoke all on schema credence_front from public;
