-- W1 by PostgreSQL: COPY, the same checks and duties in SQL, in one session and one transaction.
--
--   psql -v batch=1 -v source=CODE -f import_postgres.sql < FILE
--
-- Codes, dates and kinds are checked once each: distinct values are few. Not asked of it: commitments, acts, publicity
-- dates, holds, name conflicts.
\set ON_ERROR_STOP on
\set QUIET on
\pset tuples_only on
\pset format unaligned
set jit = off;
begin;
create temp table raw(
    line bigint generated always as identity (start 2),
    name text, class text, uscc text, n2 text, n3 text, n4 text, n5 text, n6 text, person text, paper text, paper_no text,
    paper2 text, paper2_no text, document text, violation text, facts text, basis text, kinds text, content text, fine text,
    confiscated text, licence text, decided text, valid_to text, shown_to text, authority_name text, authority text,
    source_name text, source text, remark text) on commit drop;
\copy raw(name, class, uscc, n2, n3, n4, n5, n6, person, paper, paper_no, paper2, paper2_no, document, violation, facts, basis, kinds, content, fine, confiscated, licence, decided, valid_to, shown_to, authority_name, authority, source_name, source, remark) from pstdin with (format csv, header, encoding 'GB18030')
create temp table trimmed on commit drop as
  select line,
    nullif(btrim(name), '') as name, nullif(btrim(class), '') as class, nullif(btrim(uscc), '') as uscc, nullif(btrim(n2),
    '') as n2, nullif(btrim(n3), '') as n3, nullif(btrim(n4), '') as n4, nullif(btrim(n5), '') as n5, nullif(btrim(n6), '')
    as n6, nullif(btrim(person), '') as person, nullif(btrim(paper), '') as paper, nullif(btrim(paper_no), '') as paper_no,
    nullif(btrim(paper2), '') as paper2, nullif(btrim(paper2_no), '') as paper2_no, nullif(btrim(document), '') as document,
    nullif(btrim(violation), '') as violation, nullif(btrim(facts), '') as facts, nullif(btrim(basis), '') as basis,
    nullif(btrim(kinds), '') as kinds, nullif(btrim(content), '') as content, nullif(btrim(fine), '') as fine,
    nullif(btrim(confiscated), '') as confiscated, nullif(btrim(licence), '') as licence, nullif(btrim(decided), '') as
    decided, nullif(btrim(valid_to), '') as valid_to, nullif(btrim(shown_to), '') as shown_to, nullif(btrim(authority_name),
    '') as authority_name, nullif(btrim(authority), '') as authority, nullif(btrim(source_name), '') as source_name,
    nullif(btrim(source), '') as source, nullif(btrim(remark), '') as remark
  from raw;
create temp table good_code on commit drop as
  select c from (
    select c, convert_to(c, 'UTF8') as b, '\x00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000010203040506070809000000000000000a0b0c0d0e0f101100121314151600171819001a1b001c1d1e0000000000000000000000000000000000000000000000000000000000000000000000000000'::bytea as v
    from (select uscc as c from trimmed union select authority from trimmed union select source from trimmed) as codes
    where c ~ '^[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}$' offset 0) as formed
  where get_byte('\x3031323334353637383941424344454647484a4b4c4d4e5051525455575859'::bytea, (31 - (
      get_byte(v, get_byte(b, 0)) * 1
      + get_byte(v, get_byte(b, 1)) * 3
      + get_byte(v, get_byte(b, 2)) * 9
      + get_byte(v, get_byte(b, 3)) * 27
      + get_byte(v, get_byte(b, 4)) * 19
      + get_byte(v, get_byte(b, 5)) * 26
      + get_byte(v, get_byte(b, 6)) * 16
      + get_byte(v, get_byte(b, 7)) * 17
      + get_byte(v, get_byte(b, 8)) * 20
      + get_byte(v, get_byte(b, 9)) * 29
      + get_byte(v, get_byte(b, 10)) * 25
      + get_byte(v, get_byte(b, 11)) * 13
      + get_byte(v, get_byte(b, 12)) * 8
      + get_byte(v, get_byte(b, 13)) * 24
      + get_byte(v, get_byte(b, 14)) * 10
      + get_byte(v, get_byte(b, 15)) * 30
      + get_byte(v, get_byte(b, 16)) * 28) % 31) % 31) = get_byte(b, 17);
create temp table days on commit drop as
  select t, day_of(t) as day
  from (select decided as t from trimmed union select valid_to from trimmed union select shown_to from trimmed) as texts
  where t is not null;
create temp table good_kinds on commit drop as
  select kinds as k from (select distinct kinds from trimmed where kinds is not null) as distinct_kinds
  where not exists (
    select 1 from unnest(string_to_array(kinds, ';')) as part where part not like '其他%' and part not in (
      '警告', '通报批评', '罚款', '没收违法所得', '没收非法财物', '暂扣许可证件', '降低资质等级', '吊销许可证件', '吊销营业执照',
      '暂扣或者吊销许可证件', '限制开展生产经营活动', '责令停产停业', '责令关闭', '限制从业', '行政拘留'));
analyze good_code; analyze days; analyze good_kinds;
create temp table judged on commit drop as
  select r.*, d0.day as decided_on, d1.day as valid_to_on, d2.day as shown_to_on,
    case
      when class = '自然人' then 0
      when remark like '%简易%' or remark like '%当场%' then 1
      when uscc is null then 2
      when sc.c is null then 3
      when authority is not null and ac.c is null then 4
      when source is not null and oc.c is null then 5
      when name is null then 6
      when class is null then 7
      when document is null then 8
      when violation is null then 9
      when facts is null then 10
      when basis is null then 11
      when kinds is null then 12
      when content is null then 13
      when decided is null then 14
      when authority_name is null then 15
      when authority is null then 16
      when source_name is null then 17
      when source is null then 18
      when octet_length(name) > 200 and length(name) > 200 then 19
      when octet_length(n2) > 50 and length(n2) > 50 then 20
      when octet_length(n3) > 32 and length(n3) > 32 then 21
      when octet_length(n4) > 32 and length(n4) > 32 then 22
      when octet_length(n5) > 120 and length(n5) > 120 then 23
      when octet_length(n6) > 50 and length(n6) > 50 then 24
      when octet_length(person) > 50 and length(person) > 50 then 25
      when octet_length(paper_no) > 32 and length(paper_no) > 32 then 26
      when octet_length(paper2_no) > 64 and length(paper2_no) > 64 then 27
      when octet_length(document) > 128 and length(document) > 128 then 28
      when octet_length(violation) > 2000 and length(violation) > 2000 then 29
      when octet_length(facts) > 5000 and length(facts) > 5000 then 30
      when octet_length(basis) > 2000 and length(basis) > 2000 then 31
      when octet_length(kinds) > 200 and length(kinds) > 200 then 32
      when octet_length(content) > 4000 and length(content) > 4000 then 33
      when octet_length(licence) > 200 and length(licence) > 200 then 34
      when octet_length(authority_name) > 200 and length(authority_name) > 200 then 35
      when octet_length(source_name) > 200 and length(source_name) > 200 then 36
      when octet_length(remark) > 512 and length(remark) > 512 then 37
      when decided is not null and d0.day is null then 38
      when valid_to is not null and d1.day is null then 39
      when shown_to is not null and d2.day is null then 40
      when fine is not null and fine !~ '^[0-9]{1,15}(\.[0-9]{1,6})?$' then 41
      when confiscated is not null and confiscated !~ '^[0-9]{1,15}(\.[0-9]{1,6})?$' then 42
      when class not in ('法人及非法人组织', '自然人', '个体工商户') then 43
      when paper is not null and paper not like '其他%' and paper not in ('身份证', '护照号', '港澳居民来往内地通行证', '台湾居民来往大陆通行证', '外国人永久居留身份证') then 44
      when paper2 is not null and paper2 not like '其他%' and paper2 not in ('身份证', '护照号', '港澳居民来往内地通行证', '台湾居民来往大陆通行证', '外国人永久居留身份证') then 45
      when gk.k is null then 46
      when d0.day > current_date then 47
      when kinds like '%罚款%' and fine is null then 48
      when kinds like '%没收%' and confiscated is null then 49
      when source <> :'source' then 50
      when facts ~ '[\x01-\x08\x0b\x0c\x0e-\x1f]' or name ~ '[\x01-\x1f]' then 51
    end as reason,
    md5('penalty' || E'\x1f' || authority || E'\x1f' || upper(translate(document, '〔【[（〕】]） ', '(((())))'))
        || E'\x1f' || uscc || E'\x1f' || d0.day)::uuid as identity,
    md5(concat_ws(E'\x1f', coalesce(r.name, ''), coalesce(r.class, ''), coalesce(r.uscc, ''), coalesce(r.n2, ''), coalesce(r.n3,
    ''), coalesce(r.n4, ''), coalesce(r.n5, ''), coalesce(r.n6, ''), coalesce(r.person, ''), coalesce(r.paper, ''),
    coalesce(r.paper_no, ''), coalesce(r.paper2, ''), coalesce(r.paper2_no, ''), coalesce(r.document, ''),
    coalesce(r.violation, ''), coalesce(r.facts, ''), coalesce(r.basis, ''), coalesce(r.kinds, ''), coalesce(r.content, ''),
    coalesce(r.fine, ''), coalesce(r.confiscated, ''), coalesce(r.licence, ''), coalesce(r.decided, ''),
    coalesce(r.valid_to, ''), coalesce(r.shown_to, ''), coalesce(r.authority_name, ''), coalesce(r.authority, ''),
    coalesce(r.source_name, ''), coalesce(r.source, ''), coalesce(r.remark, '')))::uuid as digest
  from trimmed r
  left join good_code sc on sc.c = r.uscc
  left join good_code ac on ac.c = r.authority
  left join good_code oc on oc.c = r.source
  left join days d0 on d0.t = r.decided
  left join days d1 on d1.t = r.valid_to
  left join days d2 on d2.t = r.shown_to
  left join good_kinds gk on gk.k = r.kinds;
-- The first row of an identity within the file; a later one is unchanged if equal, else rejected.
create temp table first_row on commit drop as
  select distinct on (identity) identity, line, digest from judged where reason is null order by identity, line;
analyze judged(identity, line, reason); analyze first_row;
insert into reject
  select :batch, j.line, c.field, c.code,
    concat_ws(E'\x1f', coalesce(j.name, ''), coalesce(j.class, ''), coalesce(j.uscc, ''), coalesce(j.n2, ''), coalesce(j.n3,
    ''), coalesce(j.n4, ''), coalesce(j.n5, ''), coalesce(j.n6, ''), coalesce(j.person, ''), coalesce(j.paper, ''),
    coalesce(j.paper_no, ''), coalesce(j.paper2, ''), coalesce(j.paper2_no, ''), coalesce(j.document, ''),
    coalesce(j.violation, ''), coalesce(j.facts, ''), coalesce(j.basis, ''), coalesce(j.kinds, ''), coalesce(j.content, ''),
    coalesce(j.fine, ''), coalesce(j.confiscated, ''), coalesce(j.licence, ''), coalesce(j.decided, ''),
    coalesce(j.valid_to, ''), coalesce(j.shown_to, ''), coalesce(j.authority_name, ''), coalesce(j.authority, ''),
    coalesce(j.source_name, ''), coalesce(j.source, ''), coalesce(j.remark, ''))
  from judged j join (values
    (0, 'class', 'natural_person'), (1, 'remark', 'simple_procedure'), (2, 'uscc', 'uscc_missing'), (3, 'uscc',
    'uscc_check'), (4, 'authority', 'authority_uscc_invalid'), (5, 'source', 'authority_uscc_invalid'), (6, 'name',
    'required_missing'), (7, 'class', 'required_missing'), (8, 'document', 'required_missing'), (9, 'violation',
    'required_missing'), (10, 'facts', 'required_missing'), (11, 'basis', 'required_missing'), (12, 'kinds',
    'required_missing'), (13, 'content', 'required_missing'), (14, 'decided', 'required_missing'), (15, 'authority_name',
    'required_missing'), (16, 'authority', 'required_missing'), (17, 'source_name', 'required_missing'), (18, 'source',
    'required_missing'), (19, 'name', 'too_long'), (20, 'n2', 'too_long'), (21, 'n3', 'too_long'), (22, 'n4', 'too_long'),
    (23, 'n5', 'too_long'), (24, 'n6', 'too_long'), (25, 'person', 'too_long'), (26, 'paper_no', 'too_long'), (27,
    'paper2_no', 'too_long'), (28, 'document', 'too_long'), (29, 'violation', 'too_long'), (30, 'facts', 'too_long'), (31,
    'basis', 'too_long'), (32, 'kinds', 'too_long'), (33, 'content', 'too_long'), (34, 'licence', 'too_long'), (35,
    'authority_name', 'too_long'), (36, 'source_name', 'too_long'), (37, 'remark', 'too_long'), (38, 'decided',
    'date_invalid'), (39, 'valid_to', 'date_invalid'), (40, 'shown_to', 'date_invalid'), (41, 'fine', 'number_invalid'),
    (42, 'confiscated', 'number_invalid'), (43, 'class', 'code_unknown'), (44, 'paper', 'code_unknown'), (45, 'paper2',
    'code_unknown'), (46, 'kinds', 'code_unknown'), (47, 'decided', 'date_in_future'), (48, 'fine', 'amount_missing'), (49,
    'confiscated', 'amount_missing'), (50, 'source', 'source_mismatch'), (51, 'facts', 'control_character')) as c(at, field, code)
  on c.at = j.reason;
insert into reject
  select :batch, j.line, '', 'duplicate_in_file',
    concat_ws(E'\x1f', coalesce(j.name, ''), coalesce(j.class, ''), coalesce(j.uscc, ''), coalesce(j.n2, ''), coalesce(j.n3,
    ''), coalesce(j.n4, ''), coalesce(j.n5, ''), coalesce(j.n6, ''), coalesce(j.person, ''), coalesce(j.paper, ''),
    coalesce(j.paper_no, ''), coalesce(j.paper2, ''), coalesce(j.paper2_no, ''), coalesce(j.document, ''),
    coalesce(j.violation, ''), coalesce(j.facts, ''), coalesce(j.basis, ''), coalesce(j.kinds, ''), coalesce(j.content, ''),
    coalesce(j.fine, ''), coalesce(j.confiscated, ''), coalesce(j.licence, ''), coalesce(j.decided, ''),
    coalesce(j.valid_to, ''), coalesce(j.shown_to, ''), coalesce(j.authority_name, ''), coalesce(j.authority, ''),
    coalesce(j.source_name, ''), coalesce(j.source, ''), coalesce(j.remark, ''))
  from judged j join first_row f using (identity)
  where j.reason is null and j.line <> f.line and j.digest <> f.digest;
create temp table arriving on commit drop as
  select j.*, k.version as had
  from judged j
  join first_row f on f.identity = j.identity and f.line = j.line
  left join record k on k.uscc = j.uscc and k.identity = j.identity
  where j.reason is null and k.digest is distinct from j.digest;
insert into record_version
  select k.uscc, k.identity, k.version, to_jsonb(k)
  from record k join arriving a on a.uscc = k.uscc and a.identity = k.identity;
insert into record
  select uscc, identity, digest, coalesce(had, 0) + 1,
    name, class, n2, n3, n4, n5, n6, person, paper, paper_no, paper2, paper2_no, document, violation, facts, basis, kinds,
    content, fine::numeric, confiscated::numeric, licence, decided_on, valid_to_on, shown_to_on, authority_name, authority,
    source_name, source, remark
  from arriving order by uscc, identity
  on conflict (uscc, identity) do update set digest = excluded.digest, version = excluded.version,
    name = excluded.name, class = excluded.class, n2 = excluded.n2, n3 = excluded.n3, n4 = excluded.n4, n5 = excluded.n5, n6
    = excluded.n6, person = excluded.person, paper = excluded.paper, paper_no = excluded.paper_no, paper2 = excluded.paper2,
    paper2_no = excluded.paper2_no, document = excluded.document, violation = excluded.violation, facts = excluded.facts,
    basis = excluded.basis, kinds = excluded.kinds, content = excluded.content, fine = excluded.fine, confiscated =
    excluded.confiscated, licence = excluded.licence, decided = excluded.decided, valid_to = excluded.valid_to, shown_to =
    excluded.shown_to, authority_name = excluded.authority_name, authority = excluded.authority, source_name =
    excluded.source_name, source = excluded.source, remark = excluded.remark;
insert into subject
  select uscc, min(name), count(*) from arriving group by uscc order by uscc
  on conflict (uscc) do update set records = subject.records + excluded.records;
select json_build_object('version', 'PostgreSQL ' || current_setting('server_version'), 'read', r, 'accepted', a,
    'corrected', c, 'rejected', x, 'unchanged', r - a - c - x)
from (select (select count(*) from raw) as r, (select count(*) from arriving where had is null) as a,
  (select count(*) from arriving where had is not null) as c,
  (select count(*) from reject where batch = :batch) as x) as counted;
commit;
