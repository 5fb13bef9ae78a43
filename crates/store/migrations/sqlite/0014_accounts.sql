-- Accounts. Whoever works with the platform has one with one role; its life is a chain of acts of the unit.
create table account(
  id blob primary key, name text not null unique, holder text not null, staff_number text not null default '',
  role text not null, unit text not null, state text not null, password text not null default '',
  second_factor blob, second_factor_step integer not null default 0, failed integer not null default 0,
  locked_until integer, entered_by text not null, entered_at integer not null, granted_by text not null default '',
  granted_at integer, ends_on integer, deputy text not null default '', deputy_from_on integer,
  deputy_through_on integer) without rowid;
create index account_by_unit on account(unit, name);
-- The organisations that a representative speaks for: each binding begins and ends.
create table account_organisation(
  uscc text not null, account blob not null, bound_by text not null, bound_at integer not null, from_on integer not null,
  through_on integer, ended_at integer, primary key(uscc, account)) without rowid;
create index account_organisation_by_account on account_organisation(account);
-- What is handed out once to take up an account, a reset or a binding: only a hash is kept.
create table invitation(
  digest blob primary key, first blob, account blob not null, kind text not null, uscc text not null default '',
  made_by text not null, made_at integer not null, ends_at integer not null, used_at integer) without rowid;
create index invitation_by_account on invitation(account);
-- Sessions: only a hash of the token is kept.
create table session(
  digest blob primary key, number text not null unique, account blob not null, began_at integer not null,
  ends_at integer not null, ended_at integer, agent text not null default '') without rowid;
create index session_by_account on session(account, began_at);

-- The access journal: who read what of an organisation beyond what is public, for which purpose, in which case.
create table access_journal(
  uscc text not null, at integer not null, id blob not null, account text not null, unit text not null,
  role text not null, purpose text not null, case_number text not null default '', what text not null,
  shown_from integer, primary key(uscc, at, id)) without rowid;
create index access_journal_by_account on access_journal(account, at);

-- What waits for a second person.
create table proposal(
  id text primary key, kind text not null, unit text not null, uscc text not null default '', subject text not null,
  details text not null, reason text not null, state text not null, proposed_by text not null,
  proposed_at integer not null, decided_by text not null default '', decided_at integer,
  answer text not null default '') without rowid;
create index proposal_by_state on proposal(state, proposed_at);

-- Misuse that the rules over the journal found, until somebody has worked it off.
create table incident(
  id text primary key, rule text not null, account text not null, unit text not null, day integer not null,
  facts text not null, state text not null, opened_at integer not null, owner text not null default '',
  finding text not null default '', handed_to text not null default '', notified_at integer, closed_at integer) without rowid;
create unique index incident_by_fact on incident(rule, account, day);
