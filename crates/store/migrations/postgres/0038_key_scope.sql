-- What a key opens: items that it may send and actions, codes between commas; nothing narrows nothing.
alter table api_key add column items text not null default '';
alter table api_key add column actions text not null default '';
