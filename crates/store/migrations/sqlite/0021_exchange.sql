-- Exchange: which number a package bears among its unit's packages of an item (0: none), and how many records its owner
-- took back by it. A package that failed as a whole leaves its number free.
alter table batch add column sequence integer not null default 0;
alter table batch add column withdrawn integer not null default 0;
create unique index batch_by_sequence on batch(source, item, sequence) where sequence > 0 and state <> 'failed';
