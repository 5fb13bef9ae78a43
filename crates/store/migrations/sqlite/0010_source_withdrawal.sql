-- Added sources that were taken back with their batch: the addition and its withdrawal are numbered changes of the file, each
-- with a commitment of its own. The unit may send the record again and is then added anew.
create table record_source_withdrawn(
  uscc text not null, identity blob not null, source text not null, seq integer not null, at integer not null,
  salt blob, salt2 blob, commitment blob not null, withdrawn_seq integer not null, withdrawn_at integer not null,
  withdrawn_salt blob, withdrawn_salt2 blob, withdrawn_commitment blob not null,
  primary key(uscc, identity, seq)) without rowid;
-- From a batch's chunk to the sources that it added.
create index record_source_by_place on record_source(at);
create index record_source_withdrawn_by_place on record_source_withdrawn(at);
