-- Notices: that something about a case can be looked at, one an account and event. What is not read yet is no state of the register.
create table notice(
  uscc text not null, number text not null, account blob not null, kind text not null, edition integer not null, matter text not null,
  case_number text not null, event text not null, due_on integer, act blob not null, made_on integer not null, made_at integer not null,
  read_at integer, primary key(uscc, number)) without rowid;
create unique index notice_once on notice(uscc, account, kind, case_number, event);
create unique index notice_by_number on notice(number);
create index notice_by_account on notice(account, made_at, number);
-- Notices on their way by mail, each until the mail server has taken it or refused it. No address stands here.
create table notice_mail(
  uscc text not null, number text not null, account blob not null,
  state text not null check(state in ('waiting', 'sent', 'dead', 'dropped')), tries integer not null default 0, next_at integer not null,
  tried_at integer, status integer, problem text not null default '', lease blob, leased_until integer not null default 0,
  primary key(uscc, number)) without rowid;
create index notice_mail_waiting on notice_mail(next_at) where state = 'waiting';
-- The one mail address of an account, sealed; of a code that confirms it only a hash is kept.
create table account_mail(
  account blob primary key, state text not null check(state in ('none', 'asked', 'confirmed')), sealed text, key blob, code blob,
  code_ends_at integer not null default 0, tries integer not null default 0, asked_on integer not null, asks integer not null,
  since integer not null) without rowid;
-- What has happened, by day.
create index listing_letter_by_day on listing_letter(made_on);
create index measure_by_from on measure(from_on);
create index measure_by_through on measure(through_on);
create index measure_by_moved on measure(moved_on);
-- What the tour of the clocks looks at: cases in which somebody has still to act.
create index listing_case_answerable on listing_case(uscc, number) where state = 'notified';
create index repair_wanting on repair(moved_on) where state = 'wanting';
create index repair_running on repair(uscc, number) where due_on is not null;
create index objection_case_open on objection_case(uscc, number) where state in ('filed', 'pushed', 'checked', 'appealed', 'decided');
create index officer_owed on officer(uscc, number) where kind = 'duty' and state = 'open';
