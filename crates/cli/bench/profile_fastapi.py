"""W3 by FastAPI over PostgreSQL: an organisation with its public records as JSON, the content as the file has it.

    profile_fastapi.py load URL FILE CODES     loads the rows of the organisations in CODES, prints their number
    uvicorn profile_fastapi:app                serves /organisations/{uscc}; DATABASE names the database

Tuned in good faith: asyncpg with prepared statements, one query a request that builds the answer's JSON in the database,
uvloop and httptools, content stored as the text of its JSON. Not asked of it: proofs, versions, masking by today's rules,
entity tags, quotas, deadlines, the law behind each record.
"""

import csv
import datetime
import json
import os
import sys

import asyncpg

SCHEMA = """
create table subject(uscc text collate "C" primary key, name text not null, status text not null default '',
  area text not null default '');
create table record(uscc text collate "C" not null, document text collate "C" not null, decided_on date not null,
  authority text not null, source text not null, from_on date not null, through_on date, content json not null);
"""
QUERY = """
select json_build_object('uscc', s.uscc, 'name', s.name, 'status', s.status, 'area', s.area, 'records', coalesce((
  select json_agg(json_build_object('document_number', r.document, 'decided_on', r.decided_on, 'authority', r.authority,
    'source', r.source, 'public_from_on', r.from_on, 'public_through_on', r.through_on, 'content', r.content)
    order by r.decided_on desc, r.document)
  from record r where r.uscc = s.uscc and r.from_on <= $2 and (r.through_on is null or r.through_on >= $2)), '[]'))::text
from subject s where s.uscc = $1
"""


def rows(file, codes):
    """The rows of the organisations in question, each document once."""
    seen = set()
    with open(file, encoding="gb18030", newline="") as lines:
        for row in csv.DictReader(lines):
            code, document = row["CF_XDR_SHXYM"], row["CF_WSH"]
            if code in codes and (code, document) not in seen:
                seen.add((code, document))
                yield code, row


def day(text):
    digits = "".join(c for c in text if c.isdigit())[:8]
    try:
        return datetime.datetime.strptime(digits, "%Y%m%d").date()
    except ValueError:
        return None


async def load(url, file, codes):
    connection = await asyncpg.connect(url)
    await connection.execute(SCHEMA)
    today, subjects, records = datetime.date.today(), {}, []
    for code, row in rows(file, codes):
        decided = day(row["CF_JDRQ"])
        if decided is None:
            continue
        subjects.setdefault(code, row["CF_XDR_MC"])
        content = json.dumps({key: value for key, value in row.items() if value}, ensure_ascii=False)
        records.append((code, row["CF_WSH"], decided, row["CF_CFJGDM"], row["CF_SJLYDM"], today, None, content))
    await connection.copy_records_to_table("subject", records=[(c, n, "", "") for c, n in subjects.items()])
    await connection.copy_records_to_table("record", records=records)
    await connection.execute("create index record_by_uscc on record(uscc); analyze")
    await connection.close()
    print(json.dumps({"organisations": len(subjects), "records": len(records)}))


if __name__ == "__main__":
    import asyncio

    command, url, file, codes = sys.argv[1:5]
    with open(codes, encoding="ascii") as lines:
        asyncio.run(load(url, file, set(lines.read().split())))
else:
    from contextlib import asynccontextmanager

    from fastapi import FastAPI, Response

    @asynccontextmanager
    async def lifespan(app):
        app.state.pool = await asyncpg.create_pool(os.environ["DATABASE"], min_size=8, max_size=8)
        yield
        await app.state.pool.close()

    app = FastAPI(lifespan=lifespan)

    @app.get("/organisations/{uscc}")
    async def organisation(uscc: str):
        found = await app.state.pool.fetchval(QUERY, uscc, datetime.date.today())
        if found is None:
            return Response('{"code":"not_found"}', status_code=404, media_type="application/problem+json")
        return Response(found, media_type="application/json")
