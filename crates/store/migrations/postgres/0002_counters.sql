-- Counters by per-day differences: +1 on the first public day, -1 on the day after the last. `counted` is an item's code,
-- or `organisation.registered` and `organisation.unregistered`.
create table count_day(
  counted text collate "C" not null, day integer not null, difference integer not null, primary key(counted, day));
-- What acts changed and the sequencer has not folded into the days yet: one row an act, {"item":{"day":difference}}.
create table count_pending(id bytea primary key, uscc text collate "C" not null, differences text collate "C" not null);

insert into count_day(counted, day, difference)
select counted, day, sum(difference) from (
  select item as counted, from_on as day, 1 as difference from record
  where state = 'accepted' and from_on is not null and (through_on is null or through_on >= from_on)
  union all
  select item, through_on + 1, -1 from record
  where state = 'accepted' and from_on is not null and through_on >= from_on
  union all
  select case registered when 1 then 'organisation.registered' else 'organisation.unregistered' end, 0, 1
  from subject where seq > 0) as found
group by counted, day having sum(difference) <> 0;
