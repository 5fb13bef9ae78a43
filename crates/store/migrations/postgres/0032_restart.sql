-- Periods that count anew: the day on which the granted repair of a record was revoked, and whether the period must run to its end.
alter table repair add column restarted_on integer;
alter table repair add column no_early_end integer not null default 0;
create index repair_restarted on repair(uscc, identity) where restarted_on is not null;
