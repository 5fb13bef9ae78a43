-- The tables of the PostgreSQL loader of W1: an ordinary design, one list index like ours.
create table record(
    uscc text collate "C", identity uuid, digest uuid not null, version integer not null,
    name text, class text, n2 text, n3 text, n4 text, n5 text, n6 text, person text, paper text, paper_no text, paper2 text,
    paper2_no text, document text, violation text, facts text, basis text, kinds text, content text, fine numeric(18,6),
    confiscated numeric(18,6), licence text, decided date, valid_to date, shown_to date, authority_name text, authority text
    collate "C", source_name text, source text collate "C", remark text,
    primary key(uscc, identity));
create index on record(authority, decided);
create table record_version(uscc text collate "C", identity uuid, version integer, body jsonb, primary key(uscc, identity, version));
create table reject(batch integer, line bigint, field text, code text, raw text, primary key(batch, line));
create table subject(uscc text collate "C" primary key, name text not null, records bigint not null);
create function day_of(t text) returns date language plpgsql immutable as $$
begin
  if t ~ '^[0-9]{4}[-/年][0-9]{1,2}[-/月][0-9]{1,2}日?$' or t ~ '^[0-9]{8}$' then
    return translate(t, '/年月日', '---')::date;
  end if;
  return null;
exception when others then return null;
end $$;
