-- Added sources that were taken back with their batch: the addition and its withdrawal are numbered changes of the file, each
-- with a commitment of its own. The unit may send the record again and is then added anew.
create table record_source_withdrawn(
  uscc text collate "C" not null, identity bytea not null, source text collate "C" not null, seq bigint not null,
  at bigint not null, salt bytea, salt2 bytea, commitment bytea not null, withdrawn_seq bigint not null,
  withdrawn_at bigint not null, withdrawn_salt bytea, withdrawn_salt2 bytea, withdrawn_commitment bytea not null,
  primary key(uscc, identity, seq));
-- From a batch's chunk to the sources that it added.
create index record_source_by_place on record_source(at);
create index record_source_withdrawn_by_place on record_source_withdrawn(at);
