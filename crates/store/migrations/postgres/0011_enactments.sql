-- Enactments of editions in their order: the last one says which edition is in force, so that an office can go back to one
-- that was enacted before. `rulebook` keeps each edition's bytes once.
create table rulebook_enactment(
  number bigint primary key, digest bytea not null, enacted_at bigint not null, act bytea not null);
insert into rulebook_enactment(number, digest, enacted_at, act)
select row_number() over (order by enacted_at, digest desc), digest, enacted_at, act from rulebook;
