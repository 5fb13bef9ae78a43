-- Papers as files: one a content and organisation, sealed with the keys of identity numbers; how many cases cite it. The content
-- stands last, so that reading what a file is does not read it.
create table paper(
  uscc text not null, digest blob not null, media_type text not null, name text not null, bytes integer not null,
  handed_in_by text not null, unit text not null, handed_in_at integer not null, cases integer not null default 0,
  key blob not null, sealed blob not null, primary key(uscc, digest));
create index paper_waiting on paper(handed_in_at) where cases = 0;
create index paper_by_key on paper(key);
-- Which cases cite it.
create table paper_case(
  uscc text not null, digest blob not null, matter text not null check(matter in ('repair', 'objection')), number text not null,
  primary key(uscc, digest, matter, number)) without rowid;
create index paper_case_by_number on paper_case(uscc, matter, number);
