-- Claims of commercial secrecy as cases. What earlier states said stays beside the state.
create table secrecy_claim(
  uscc text collate "C" not null, number text collate "C" not null, identity bytea not null, fields text collate "C" not null, claimant text collate "C" not null,
  reason text collate "C" not null, filed_on integer not null, state text collate "C" not null, third_party text collate "C" not null default '',
  sought_on integer, due_on integer, provisional integer not null default 0, opinion text collate "C" not null default '', given_on integer,
  decided_on integer, decided_reason text collate "C" not null default '', primary key(uscc, number));
create unique index secrecy_claim_by_number on secrecy_claim(number);
