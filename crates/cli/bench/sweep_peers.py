"""W2 by Polars and DuckDB: every organisation's points and grade from the same records, file to file.

    sweep_peers.py prepare FOLDER
    sweep_peers.py polars|duckdb FOLDER MODEL DAY

`prepare` copies the snapshot in FOLDER/snapshot (made by `credence snapshot make`), with days as numbers, into Parquet
files (zstd) as DuckDB writes them, sorted by organisation; it is not timed. A sweep reads these, applies the weights of the model (a file of the rulebook) as of a day and writes uscc, points and
grade as Parquet, flushed to the disk. Timed: from the first read to the flush; starting Python is not. One JSON document
is printed, with a digest of every result. Not asked of the peers: lines, what would change the grade, transactions.
"""

import datetime
import hashlib
import json
import os
import sys
import time
import tomllib


def version_of(model, day):
    text = day.isoformat()
    for version in model["version"]:
        if version["effective_from"] <= text and text <= version.get("effective_to", "9999-12-31"):
            return version
    raise SystemExit("the model has no version on this day")


def prepare(folder):
    import duckdb

    columns = {
        "organisations": "uscc, registered::tinyint as registered",
        "records": "uscc, item, class, source, from_on - date '1970-01-01' as from_on, "
        "through_on - date '1970-01-01' as through_on",
    }
    for table, wanted in columns.items():
        duckdb.sql(
            f"copy (select {wanted} from '{folder}/snapshot/{table}.parquet' order by uscc) "
            f"to '{folder}/{table}.parquet' (format parquet, compression zstd)"
        )
    print(json.dumps({"bytes": os.path.getsize(f"{folder}/records.parquet")}))


def by_polars(folder, model, day, out):
    import polars as pl

    version = version_of(model, day)
    number = (day - datetime.date(1970, 1, 1)).days
    weights = version["weight"]
    place = None
    for at, weight in enumerate(weights):
        fits = pl.col("item") == weight["item"]
        if "class" in weight:
            fits = fits & (pl.col("class") == weight["class"])
        place = (pl.when(fits) if place is None else place.when(fits)).then(pl.lit(at, pl.Int8))
    weighed = (
        pl.scan_parquet(f"{folder}/records.parquet")
        .filter(
            pl.col("item").is_in(sorted({weight["item"] for weight in weights}))
            & (pl.col("from_on") <= number)
            & (pl.col("through_on").is_null() | (pl.col("through_on") >= number))
        )
        .select("uscc", place.otherwise(None).alias("weight"))
        .filter(pl.col("weight").is_not_null())
    )
    free = {at: weight["points"] for at, weight in enumerate(weights) if "bound" not in weight}
    sums = [pl.col("weight").replace_strict(free, default=0, return_dtype=pl.Int64).sum().alias("free")]
    bounded = [(at, weight) for at, weight in enumerate(weights) if "bound" in weight]
    sums += [(pl.col("weight") == at).sum().cast(pl.Int64).alias(f"n{at}") for at, _ in bounded]
    points = pl.lit(version["base_points"], pl.Int64) + pl.col("free").fill_null(0)
    for at, weight in bounded:
        sum_points = pl.col(f"n{at}").fill_null(0) * weight["points"]
        clip = {"lower_bound": weight["bound"]} if weight["points"] < 0 else {"upper_bound": weight["bound"]}
        points = points + sum_points.clip(**clip)
    least = version["threshold_points"]
    grade = pl.when(pl.col("points") >= least["a"]).then(pl.lit("A"))
    grade = grade.when(pl.col("points") >= least["b"]).then(pl.lit("B"))
    grade = grade.when(pl.col("points") >= least["c"]).then(pl.lit("C")).otherwise(pl.lit("D"))
    (
        pl.scan_parquet(f"{folder}/organisations.parquet")
        .filter(
            (pl.col("registered") == 1)
            & ~pl.col("uscc").str.slice(0, 2).is_in(["92", "11"])
            & pl.col("uscc").str.slice(2, 6).is_in(model["regions"])
        )
        .join(weighed.group_by("uscc").agg(sums), on="uscc", how="left")
        .select("uscc", points.alias("points"))
        .with_columns(grade.alias("grade"))
        .sort("uscc")
        .collect(engine="streaming")
        .write_parquet(out)
    )
    return f"Polars {pl.__version__}"


def by_duckdb(folder, model, day, out):
    import duckdb

    version = version_of(model, day)
    number = (day - datetime.date(1970, 1, 1)).days
    weights = version["weight"]
    fits = []
    for at, weight in enumerate(weights):
        of_class = f" and class = '{weight['class']}'" if "class" in weight else ""
        fits.append(f"when item = '{weight['item']}'{of_class} then {at}")
    free = " ".join(f"when {at} then {w['points']}" for at, w in enumerate(weights) if "bound" not in w)
    sums, points = [f"sum(case weight {free} else 0 end) as free"], f"{version['base_points']} + coalesce(free, 0)"
    for at, weight in enumerate(weights):
        if "bound" in weight:
            sums.append(f"count(*) filter (weight = {at}) as n{at}")
            better = "greatest" if weight["points"] < 0 else "least"
            points += f" + {better}(coalesce(n{at}, 0) * {weight['points']}, {weight['bound']})"
    items = ", ".join(f"'{item}'" for item in sorted({weight["item"] for weight in weights}))
    regions = ", ".join(f"'{region}'" for region in model["regions"])
    least = version["threshold_points"]
    duckdb.sql(
        f"""copy (
        with weighed as (
          select uscc, case {' '.join(fits)} end as weight from '{folder}/records.parquet'
          where item in ({items}) and from_on <= {number}
            and (through_on is null or through_on >= {number})),
        summed as (select uscc, {', '.join(sums)} from weighed where weight is not null group by uscc),
        scored as (
          select o.uscc, ({points})::bigint as points
          from '{folder}/organisations.parquet' o left join summed s on s.uscc = o.uscc
          where o.registered = 1 and o.uscc[1:2] not in ('92', '11') and o.uscc[3:8] in ({regions}))
        select uscc, points, case when points >= {least['a']} then 'A' when points >= {least['b']} then 'B'
          when points >= {least['c']} then 'C' else 'D' end as grade
        from scored order by uscc) to '{out}' (format parquet)"""
    )
    return f"DuckDB {duckdb.__version__}"


def sweep(name, folder, model_path, day):
    with open(model_path, "rb") as file:
        model = tomllib.load(file)
    import duckdb  # noqa: F401  (its start is not timed, nor is that of the other)
    import polars as pl

    out = f"{folder}/{name}.parquet"
    begun = time.perf_counter()
    version = {"polars": by_polars, "duckdb": by_duckdb}[name](folder, model, datetime.date.fromisoformat(day), out)
    with open(out, "rb+") as file:
        os.fsync(file.fileno())
    seconds = time.perf_counter() - begun
    result = pl.read_parquet(out)
    text = result.select("uscc", "points", "grade").write_csv(include_header=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    print(json.dumps({"version": version, "seconds": seconds, "count": result.height, "digest": digest}))


if sys.argv[1] == "prepare":
    prepare(sys.argv[2])
else:
    sweep(*sys.argv[1:5])
