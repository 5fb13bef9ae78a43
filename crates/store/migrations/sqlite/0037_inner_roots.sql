-- Roots within a tile of the log, so that a proof need not hash all of it; derived from its hashes, empty in tiles of before.
alter table log_tile add column inner_roots blob not null default x'';
