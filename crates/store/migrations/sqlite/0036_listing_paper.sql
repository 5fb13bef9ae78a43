-- Listings cite papers too. A table's check cannot be changed where it stands.
create table paper_case_of_three(
  uscc text not null, digest blob not null, matter text not null check(matter in ('repair', 'objection', 'listing')),
  number text not null, primary key(uscc, digest, matter, number)) without rowid;
insert into paper_case_of_three(uscc, digest, matter, number) select uscc, digest, matter, number from paper_case;
drop table paper_case;
alter table paper_case_of_three rename to paper_case;
create index paper_case_by_number on paper_case(uscc, matter, number);
