"""W1 by DuckDB: the same file, the same checks and duties in SQL, twice; prints one JSON document.

    import_duckdb.py FOLDER FILE SOURCE

Timed: decoding by iconv, reading, checks, identity and content digests, rejects with reasons, first row of an identity
within the file, insert or new version, checkpoint. Codes are checked once each, the primary key is a hash in a narrow
table: both make DuckDB faster. Not asked of it: commitments, acts, publicity dates, holds, name conflicts.
"""

import json
import os
import subprocess
import sys
import time

import duckdb

folder, file, source = sys.argv[1:4]

SCHEMA = """
create table record_key(key ubigint primary key, content ubigint not null, version integer not null, place bigint not null);
create table record(place bigint, key ubigint, uscc varchar, version integer, fields struct(
  name varchar, class varchar, n2 varchar, n3 varchar, n4 varchar, n5 varchar, n6 varchar, person varchar, paper varchar,
  paper_no varchar, paper2 varchar, paper2_no varchar, document varchar, violation varchar, facts varchar, basis varchar,
  kinds varchar, content varchar, fine decimal(18,6), confiscated decimal(18,6), licence varchar, decided date,
  valid_to date, shown_to date, authority_name varchar, authority varchar, source_name varchar, source varchar,
  remark varchar));
create table reject(batch integer, line bigint, field varchar, code varchar, reason varchar, raw varchar);
create table subject(uscc varchar, name varchar, records bigint);
create sequence places;
create table code_list(list varchar, value varchar);
insert into code_list values ('subject_class','法人及非法人组织'),('subject_class','自然人'),('subject_class','个体工商户'),
  ('identity_paper','身份证'),('identity_paper','护照号'),('identity_paper','港澳居民来往内地通行证'),
  ('identity_paper','台湾居民来往大陆通行证'),('identity_paper','外国人永久居留身份证'),
  ('penalty_kind','警告'),('penalty_kind','通报批评'),('penalty_kind','罚款'),('penalty_kind','没收违法所得'),
  ('penalty_kind','没收非法财物'),('penalty_kind','暂扣许可证件'),('penalty_kind','降低资质等级'),
  ('penalty_kind','吊销许可证件'),('penalty_kind','吊销营业执照'),('penalty_kind','暂扣或者吊销许可证件'),
  ('penalty_kind','限制开展生产经营活动'),('penalty_kind','责令停产停业'),('penalty_kind','责令关闭'),
  ('penalty_kind','限制从业'),('penalty_kind','行政拘留'),('penalty_kind','其他');
"""

COLUMNS = (
    "name class uscc n2 n3 n4 n5 n6 person paper paper_no paper2 paper2_no document violation facts basis kinds content "
    "fine confiscated licence decided valid_to shown_to authority_name authority source_name source remark"
).split()

FIELDS = [column for column in COLUMNS if column != "uscc"]
DATES = ("decided", "valid_to", "shown_to")
LENGTHS = {
    "name": 200, "n2": 50, "n3": 32, "n4": 32, "n5": 120, "n6": 50, "person": 50, "paper_no": 32, "paper2_no": 64,
    "document": 128, "violation": 2000, "facts": 5000, "basis": 2000, "kinds": 200, "content": 4000, "licence": 200,
    "authority_name": 200, "source_name": 200, "remark": 512,
}
REQUIRED = "name class document violation facts basis kinds content decided authority_name authority source_name source".split()
SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

# A date as departments write it; null when it is none.
def date_of(column):
    return f"""coalesce(try_strptime({column}, ['%Y/%m/%d', '%Y-%m-%d', '%Y%m%d', '%Y年%m月%d日'])::date)"""

# The first reason counts, as in the importer.
CHECKS = [
    ("class", "natural_person", "不收自然人", "class = '自然人'"),
    ("remark", "simple_procedure", "简易程序不收", "remark like '%简易%' or remark like '%当场%'"),
    ("uscc", "uscc_missing", "代码缺失", "uscc is null"),
    ("uscc", "uscc_check", "代码无效", "not subject_ok"),
    ("authority", "authority_uscc_invalid", "机关代码无效", "authority is not null and not authority_ok"),
    ("source", "authority_uscc_invalid", "来源代码无效", "source is not null and not source_ok"),
] + [
    (column, "required_missing", "必填项为空", f"{column} is null") for column in REQUIRED
] + [
    (column, "too_long", "超长", f"length({column}) > {limit}") for column, limit in LENGTHS.items()
] + [
    (column, "date_invalid", "日期无效", f"{column} is not null and {column}_on is null") for column in DATES
] + [
    (column, "number_invalid", "数字无效", f"{column} is not null and ({column}_n is null or {column}_n < 0)")
    for column in ("fine", "confiscated")
] + [
    ("class", "code_unknown", "代码集外", "class not in (select value from code_list where list = 'subject_class')"),
    ("paper", "code_unknown", "代码集外", "paper is not null and not starts_with(paper, '其他') and paper not in (select value from code_list where list = 'identity_paper')"),
    ("paper2", "code_unknown", "代码集外", "paper2 is not null and not starts_with(paper2, '其他') and paper2 not in (select value from code_list where list = 'identity_paper')"),
    ("kinds", "code_unknown", "代码集外", "kinds not in (select kinds from good_kinds)"),
    ("decided", "date_in_future", "日期在将来", "decided_on > current_date"),
    ("fine", "amount_missing", "缺罚款金额", "kinds like '%罚款%' and fine is null"),
    ("confiscated", "amount_missing", "缺没收金额", "kinds like '%没收%' and confiscated is null"),
    ("source", "source_mismatch", "来源单位不符", f"source <> '{source}'"),
    ("facts", "control_character", "含控制字符", "regexp_matches(facts, '[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]') or regexp_matches(name, '[\\x00-\\x1f]')"),
]


def load(db, batch):
    text = os.path.join(folder, f"text-{batch}.csv")
    with open(text, "wb") as out:
        subprocess.run(["iconv", "-f", "GB18030", "-t", "UTF-8", file], stdout=out, check=True)
    names = ", ".join(f"'{column}': 'varchar'" for column in COLUMNS)
    trimmed = ", ".join(f"nullif(trim({column}), '') as {column}" for column in COLUMNS)
    db.execute(f"""create temp table raw as select row_number() over () + 1 as line, {trimmed}
        from read_csv('{text}', header = true, columns = {{{names}}}, delim = ',', quote = '"', escape = '"',
                      auto_detect = false, max_line_size = 2000000)""")
    db.execute(f"""create temp table good_code as
        with codes as (select distinct uscc as c from raw union select distinct authority from raw
                       union select distinct source from raw)
        select c from codes where length(c) = 18 and regexp_full_match(c, '[0-9A-HJ-NP-RTUWXY]{{2}}[0-9]{{6}}[0-9A-HJ-NP-RTUWXY]{{10}}')
          and substr('{SYMBOLS}', ((31 - list_sum(list_transform(range(1, 18), lambda i:
              (instr('{SYMBOLS}', substr(c, i, 1)) - 1) * {WEIGHTS}[i])) % 31) % 31)::bigint + 1, 1) = substr(c, 18, 1)""")
    db.execute("""create temp table good_kinds as
        with parts as (select kinds, unnest(string_split(kinds, ';')) as part
                       from (select distinct kinds from raw where kinds is not null))
        select kinds from parts group by kinds
        having bool_and(starts_with(part, '其他') or part in (select value from code_list where list = 'penalty_kind'))""")
    dates = ", ".join(f"{date_of('r.' + column)} as {column}_on" for column in DATES)
    cases = " ".join(f"when {test} then {at}" for at, (_, _, _, test) in enumerate(CHECKS))
    fold = "upper(translate(replace(document, ' ', ''), '〔【[（〕】]）', '(((())))'))"
    content = ", ".join(f"coalesce({column}, '')" for column in COLUMNS)
    db.execute(f"""create temp table judged as
        with typed as (select r.*, {dates}, try_cast(replace(r.fine, ',', '') as decimal(18,6)) as fine_n,
                              try_cast(replace(r.confiscated, ',', '') as decimal(18,6)) as confiscated_n,
                              s.c is not null as subject_ok, a.c is not null as authority_ok, o.c is not null as source_ok
                       from raw r left join good_code s on s.c = r.uscc left join good_code a on a.c = r.authority
                       left join good_code o on o.c = r.source)
        select *, case {cases} end as reason, hash('penalty', authority, {fold}, uscc, decided_on) as key,
               hash(concat_ws(chr(31), {content})) as digest
        from typed""")
    # The first row of an identity within the file; a later one is unchanged if equal, else rejected.
    db.execute("""create temp table first_row as
        select key, min(line) as line, arg_min(digest, line) as digest from judged where reason is null group by key""")
    reasons = ", ".join(f"({at}, '{field}', '{code}', '{text}')" for at, (field, code, text, _) in enumerate(CHECKS))
    db.execute("begin")
    raw = "concat_ws(',', " + ", ".join(f"coalesce(j.{column}, '')" for column in COLUMNS) + ")"
    db.execute(f"""insert into reject
        select {batch}, j.line, c.field, c.code, c.text, {raw} from judged j join (values {reasons}) c(number, field, code, text)
        on c.number = j.reason""")
    db.execute(f"""insert into reject
        select {batch}, j.line, '', 'duplicate_in_file', '第' || f.line || '行与第' || j.line || '行', {raw}
        from judged j join first_row f on f.key = j.key
        where j.reason is null and j.line <> f.line and j.digest <> f.digest""")
    db.execute("""create temp table arriving as
        select j.*, k.version as had, k.content as had_content, nextval('places') as place
        from judged j join first_row f on f.key = j.key and f.line = j.line left join record_key k on k.key = j.key
        where j.reason is null and (k.key is null or k.content <> j.digest)""")
    values = {
        "fine": "fine_n", "confiscated": "confiscated_n",
        **{column: f"{column}_on" for column in DATES},
    }
    packed = ", ".join(f"{column} := {values.get(column, column)}" for column in FIELDS)
    db.execute(f"insert into record select place, key, uscc, coalesce(had, 0) + 1, struct_pack({packed}) from arriving")
    db.execute("""insert into record_key select key, digest, 1, place from arriving where had is null""")
    db.execute("""update record_key set content = a.digest, version = a.had + 1, place = a.place
        from arriving a where a.key = record_key.key and a.had is not null""")
    db.execute("""insert into subject select uscc, any_value(name), count(*) from arriving a
        where not exists (select 1 from subject s where s.uscc = a.uscc) group by uscc""")
    db.execute("commit")
    db.execute("checkpoint")
    one = lambda sql: db.execute(sql).fetchone()[0]
    counts = {
        "read": one("select count(*) from raw"),
        "accepted": one("select count(*) from arriving where had is null"),
        "corrected": one("select count(*) from arriving where had is not null"),
        "rejected": one(f"select count(*) from reject where batch = {batch}"),
    }
    counts["unchanged"] = counts["read"] - counts["accepted"] - counts["corrected"] - counts["rejected"]
    for table in ("raw", "good_code", "good_kinds", "judged", "first_row", "arriving"):
        db.execute(f"drop table {table}")
    os.remove(text)
    return counts


def main():
    db = duckdb.connect(os.path.join(folder, "peer.duckdb"))
    db.execute(SCHEMA)
    passes = {}
    for batch, name in ((1, "first"), (2, "identical")):
        os.sync()
        began = time.monotonic()
        counts = load(db, batch)
        passes[name] = {"seconds": time.monotonic() - began, **counts}
    json.dump({"version": f"DuckDB {duckdb.__version__}", "passes": passes}, sys.stdout)


main()
