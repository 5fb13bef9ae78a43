-- How far each window of a file under way has come: two connections write windows side by side, and the later one may end
-- first. Gone when its batch has ended.
create table batch_window(
  batch blob not null, number integer not null, chunks integer not null, finished integer not null,
  primary key(batch, number)) without rowid;
-- What was under way when this step came; of a window that was half written the rows come again, unchanged.
insert into batch_window(batch, number, chunks, finished)
with recursive done(batch, number, windows) as (
  select id, 0, windows from batch where state = 'running' and windows > 0
  union all select batch, number + 1, windows from done where number + 1 < windows)
select batch, number, 0, 1 from done;
