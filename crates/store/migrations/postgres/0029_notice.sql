-- Notices: that something about a case can be looked at, one an account and event. What is not read yet is no state of the register.
create table notice(
  uscc text collate "C" not null, number text collate "C" not null, account bytea not null, kind text collate "C" not null, edition integer not null, matter text collate "C" not null,
  case_number text collate "C" not null, event text collate "C" not null, due_on integer, act bytea not null, made_on integer not null, made_at bigint not null,
  read_at bigint, primary key(uscc, number));
create unique index notice_once on notice(uscc, account, kind, case_number, event);
create unique index notice_by_number on notice(number);
create index notice_by_account on notice(account, made_at, number);
-- Notices on their way by mail, each until the mail server has taken it or refused it. No address stands here.
create table notice_mail(
  uscc text collate "C" not null, number text collate "C" not null, account bytea not null,
  state text collate "C" not null check(state in ('waiting', 'sent', 'dead', 'dropped')), tries bigint not null default 0, next_at bigint not null,
  tried_at bigint, status bigint, problem text collate "C" not null default '', lease bytea, leased_until bigint not null default 0,
  primary key(uscc, number));
create index notice_mail_waiting on notice_mail(next_at) where state = 'waiting';
-- The one mail address of an account, sealed; of a code that confirms it only a hash is kept.
create table account_mail(
  account bytea primary key, state text collate "C" not null check(state in ('none', 'asked', 'confirmed')), sealed text, key bytea, code bytea,
  code_ends_at bigint not null default 0, tries bigint not null default 0, asked_on integer not null, asks bigint not null,
  since bigint not null);
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
