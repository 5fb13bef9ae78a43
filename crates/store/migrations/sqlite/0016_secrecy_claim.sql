-- Claims of commercial secrecy as cases. What earlier states said stays beside the state.
create table secrecy_claim(
  uscc text not null, number text not null, identity blob not null, fields text not null, claimant text not null,
  reason text not null, filed_on integer not null, state text not null, third_party text not null default '',
  sought_on integer, due_on integer, provisional integer not null default 0, opinion text not null default '', given_on integer,
  decided_on integer, decided_reason text not null default '', primary key(uscc, number)) without rowid;
create unique index secrecy_claim_by_number on secrecy_claim(number);
