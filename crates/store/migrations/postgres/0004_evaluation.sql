-- Evaluations as they were computed: derived from the file up to `seq`, from the rule room `rules` and from the day, so
-- that a reader with another number, digest or a day from `next_change_on` on computes anew. No act writes them.
create table evaluation(
  uscc text collate "C" primary key, seq bigint not null, rules bytea not null, rulebook bytea not null,
  model text collate "C" not null, as_of integer not null, decided_at bigint not null, next_change_on integer,
  grade text collate "C" not null, points bigint not null, body bytea not null);
create index evaluation_by_next_change on evaluation(next_change_on) where next_change_on is not null;
create index subject_by_due on subject(uscc) where due = 1;
-- Replay reads the class that a superseded version had.
alter table record_version add column class text collate "C" not null default '';
