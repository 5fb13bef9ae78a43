-- Fields that a secrecy review keeps from the public: they stay withheld whatever version comes next.
create table record_withheld(
  uscc text not null, identity blob not null, field text not null, ground text not null,
  clause text not null, officer text not null, decided_on integer not null, primary key(uscc, identity, field)) without rowid;
