-- Subscriptions that are told of the tasks of their unit besides: measures on organisations that it carries out.
alter table webhook add column tasks integer not null default 0;
