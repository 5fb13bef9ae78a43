-- Penalties whose publicity ended with the repair of an entry of a list: with the day from which their periods count anew, where that repair
-- was revoked.
create table repair_related(
  uscc text not null, number text not null, identity blob not null, restarted_on integer, no_early_end integer not null default 0,
  primary key(uscc, number, identity)) without rowid;
create index repair_related_by_record on repair_related(uscc, identity);
