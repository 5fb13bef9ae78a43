-- Revocations by due process: whether one is proposed and neither decided nor dropped. Until then the repair stands in the state it had.
alter table repair add column revoking integer not null default 0;
create index repair_revoking on repair(unit, number) where revoking = 1;
