-- Accounts. Whoever works with the platform has one with one role; its life is a chain of acts of the unit.
create table account(
  id bytea primary key, name text collate "C" not null unique, holder text collate "C" not null, staff_number text collate "C" not null default '',
  role text collate "C" not null, unit text collate "C" not null, state text collate "C" not null, password text collate "C" not null default '',
  second_factor bytea, second_factor_step bigint not null default 0, failed bigint not null default 0,
  locked_until bigint, entered_by text collate "C" not null, entered_at bigint not null, granted_by text collate "C" not null default '',
  granted_at bigint, ends_on bigint, deputy text collate "C" not null default '', deputy_from_on bigint,
  deputy_through_on bigint);
create index account_by_unit on account(unit, name);
-- The organisations that a representative speaks for: each binding begins and ends.
create table account_organisation(
  uscc text collate "C" not null, account bytea not null, bound_by text collate "C" not null, bound_at bigint not null, from_on bigint not null,
  through_on bigint, ended_at bigint, primary key(uscc, account));
create index account_organisation_by_account on account_organisation(account);
-- What is handed out once to take up an account, a reset or a binding: only a hash is kept.
create table invitation(
  digest bytea primary key, first bytea, account bytea not null, kind text collate "C" not null, uscc text collate "C" not null default '',
  made_by text collate "C" not null, made_at bigint not null, ends_at bigint not null, used_at bigint);
create index invitation_by_account on invitation(account);
-- Sessions: only a hash of the token is kept.
create table session(
  digest bytea primary key, number text collate "C" not null unique, account bytea not null, began_at bigint not null,
  ends_at bigint not null, ended_at bigint, agent text collate "C" not null default '');
create index session_by_account on session(account, began_at);

-- The access journal: who read what of an organisation beyond what is public, for which purpose, in which case.
create table access_journal(
  uscc text collate "C" not null, at bigint not null, id bytea not null, account text collate "C" not null, unit text collate "C" not null,
  role text collate "C" not null, purpose text collate "C" not null, case_number text collate "C" not null default '', what text collate "C" not null,
  shown_from bigint, primary key(uscc, at, id));
create index access_journal_by_account on access_journal(account, at);

-- What waits for a second person.
create table proposal(
  id text collate "C" primary key, kind text collate "C" not null, unit text collate "C" not null, uscc text collate "C" not null default '', subject text collate "C" not null,
  details text collate "C" not null, reason text collate "C" not null, state text collate "C" not null, proposed_by text collate "C" not null,
  proposed_at bigint not null, decided_by text collate "C" not null default '', decided_at bigint,
  answer text collate "C" not null default '');
create index proposal_by_state on proposal(state, proposed_at);

-- Misuse that the rules over the journal found, until somebody has worked it off.
create table incident(
  id text collate "C" primary key, rule text collate "C" not null, account text collate "C" not null, unit text collate "C" not null, day bigint not null,
  facts text collate "C" not null, state text collate "C" not null, opened_at bigint not null, owner text collate "C" not null default '',
  finding text collate "C" not null default '', handed_to text collate "C" not null default '', notified_at bigint, closed_at bigint);
create unique index incident_by_fact on incident(rule, account, day);
