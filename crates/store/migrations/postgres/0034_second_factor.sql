-- Secrets of second factors are sealed: with which key. One without a key lies readable, until the next writer seals it.
alter table account add column second_factor_key bytea;
create index account_factor_readable on account(id) where second_factor is not null and second_factor_key is null;
