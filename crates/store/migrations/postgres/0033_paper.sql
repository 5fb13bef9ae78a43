-- Papers as files: one a content and organisation, sealed with the keys of identity numbers; how many cases cite it. The content
-- stands last, so that reading what a file is does not read it.
create table paper(
  uscc text collate "C" not null, digest bytea not null, media_type text collate "C" not null, name text collate "C" not null, bytes bigint not null,
  handed_in_by text collate "C" not null, unit text collate "C" not null, handed_in_at bigint not null, cases bigint not null default 0,
  key bytea not null, sealed bytea not null, primary key(uscc, digest));
create index paper_waiting on paper(handed_in_at) where cases = 0;
create index paper_by_key on paper(key);
-- Which cases cite it.
create table paper_case(
  uscc text collate "C" not null, digest bytea not null, matter text collate "C" not null check(matter in ('repair', 'objection')), number text collate "C" not null,
  primary key(uscc, digest, matter, number));
create index paper_case_by_number on paper_case(uscc, matter, number);
