-- Fields that a secrecy review keeps from the public: they stay withheld whatever version comes next.
create table record_withheld(
  uscc text collate "C" not null, identity bytea not null, field text collate "C" not null, ground text collate "C" not null,
  clause text collate "C" not null, officer text collate "C" not null, decided_on bigint not null, primary key(uscc, identity, field));
