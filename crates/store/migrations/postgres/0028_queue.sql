-- Who of a unit does what waits for it in a case. `what` is the step that is asked for: once the case has gone on, the assignment
-- says nothing any more. The indexes serve the queues, which read what waits for one unit and no more.
create table task_assignment(
  uscc text collate "C" not null, kind text collate "C" not null, number text collate "C" not null, unit text collate "C" not null, what text collate "C" not null,
  account text collate "C" not null, assigned_by text collate "C" not null, at bigint not null, primary key(uscc, kind, number, unit, what));
create index objection_case_by_owner on objection_case(owner, state);
create index objection_case_by_handler on objection_case(handler, state);
create index objection_case_by_referred on objection_case(referred, state);
create index repair_by_state on repair(state, unit);
