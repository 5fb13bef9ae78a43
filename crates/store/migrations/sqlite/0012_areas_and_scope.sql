-- Units and areas are dated: a state holds from its day (null in answers, the least number here: it always was so) until
-- the next, and one that was entered later for the same day takes its place from then on. Nothing is overwritten.
create table unit_state(
  uscc text not null, from_on integer not null, entered_at integer not null, level text not null, area text not null,
  parent text not null, sector text not null, regulator text not null, secrecy_officer text not null,
  secrecy_on integer, primary key(uscc, from_on, entered_at)) without rowid;
create table area(
  code text not null, from_on integer not null, entered_at integer not null, name text not null, level text not null,
  parent text not null, until_on integer, merged_into text not null,
  primary key(code, from_on, entered_at)) without rowid;

-- What stood always was so. A unit of which nothing but its code was known had no known regulator either.
insert into unit_state(uscc, from_on, entered_at, level, area, parent, sector, regulator, secrecy_officer, secrecy_on)
select uscc, -2147483648, 0, level, area, parent, sector,
       case when level = '' and area = '' and regulator = 'other' then '' else regulator end, secrecy_officer, secrecy_on
from unit;

-- Where a fact was decided, and where its organisation was registered when it came; empty where that is not known.
alter table record add column authority_area text not null default '';
alter table record add column registered_area text not null default '';
update record set
  authority_area = coalesce(
    nullif((select area from unit where unit.uscc = record.authority), ''),
    (select area from unit where unit.uscc = record.source), ''),
  registered_area = coalesce((select area from subject where subject.uscc = record.uscc), '');
-- Facts from here on keep the areas of their own day; older ones got those of the day of this step.
insert into meta(key, value) select 'areas_kept_from', cast(coalesce(max(no) + 1, 0) as text) from chunk;

alter table unit drop column level;
alter table unit drop column area;
alter table unit drop column parent;
alter table unit drop column sector;
alter table unit drop column regulator;
alter table unit drop column secrecy_officer;
alter table unit drop column secrecy_on;

-- A unit lets another correct in its name: everything, one item, or one record.
create table consent(
  number text primary key, owner text not null, acting text not null, item text not null default '',
  uscc text not null default '', identity blob, from_on integer not null, until_on integer, given_by text not null,
  reason text not null, given_at integer not null, ended_at integer);
create index consent_by_owner on consent(owner, acting);
-- In whose name a batch corrects, and with which consent, as JSON; empty where its source sent it.
alter table batch add column behalf text not null default '';

-- Units that take the changes of their areas.
create table subscription(
  unit text primary key, since integer not null, subscribed_at integer not null, subscribed_by text not null,
  ended_at integer) without rowid;
