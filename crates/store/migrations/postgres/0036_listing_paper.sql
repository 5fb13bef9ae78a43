-- Listings cite papers too.
alter table paper_case drop constraint paper_case_matter_check;
alter table paper_case add constraint paper_case_matter_check check(matter in ('repair', 'objection', 'listing'));
