-- Units and areas are dated: a state holds from its day (null in answers, the least number here: it always was so) until
-- the next, and one that was entered later for the same day takes its place from then on. Nothing is overwritten.
create table unit_state(
  uscc text collate "C" not null, from_on integer not null, entered_at bigint not null, level text collate "C" not null, area text collate "C" not null,
  parent text collate "C" not null, sector text collate "C" not null, regulator text collate "C" not null, secrecy_officer text collate "C" not null,
  secrecy_on integer, primary key(uscc, from_on, entered_at));
create table area(
  code text collate "C" not null, from_on integer not null, entered_at bigint not null, name text collate "C" not null, level text collate "C" not null,
  parent text collate "C" not null, until_on integer, merged_into text collate "C" not null,
  primary key(code, from_on, entered_at));

-- What stood always was so. A unit of which nothing but its code was known had no known regulator either.
insert into unit_state(uscc, from_on, entered_at, level, area, parent, sector, regulator, secrecy_officer, secrecy_on)
select uscc, -2147483648, 0, level, area, parent, sector,
       case when level = '' and area = '' and regulator = 'other' then '' else regulator end, secrecy_officer, secrecy_on
from unit;

-- Where a fact was decided, and where its organisation was registered when it came; empty where that is not known.
alter table record add column authority_area text collate "C" not null default '';
alter table record add column registered_area text collate "C" not null default '';
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
  number text collate "C" primary key, owner text collate "C" not null, acting text collate "C" not null, item text collate "C" not null default '',
  uscc text collate "C" not null default '', identity bytea, from_on integer not null, until_on integer, given_by text collate "C" not null,
  reason text collate "C" not null, given_at bigint not null, ended_at bigint);
create index consent_by_owner on consent(owner, acting);
-- In whose name a batch corrects, and with which consent, as JSON; empty where its source sent it.
alter table batch add column behalf text collate "C" not null default '';

-- Units that take the changes of their areas.
create table subscription(
  unit text collate "C" primary key, since bigint not null, subscribed_at bigint not null, subscribed_by text collate "C" not null,
  ended_at bigint);
