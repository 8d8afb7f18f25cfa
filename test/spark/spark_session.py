"""Runs SQL on Spark for the tests: one call per line of JSON in, one answer per line out.

Everything stays on this machine: Spark runs inside one JVM with two threads and listens on the loopback address only.
Calls of one lane are answered one after another; lanes have temporary views of their own and run side by side. The
program ends when its input does, and takes its folder with it.

Arguments: that folder, for Spark's files, and `short` (compiles little, for many tiny queries) or `long` (for large ones).
"""

import json
import os
import shutil
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import BooleanType, StringType, TimestampType

READ_TYPES = {"text": "STRING", "boolean": "BOOLEAN", "instant": "STRING", "number": "BIGINT"}
INSTANT = "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'"
# Most of a short query's time would go into compiling it: Java's second compiler and a collector with threads do not pay.
JAVA_OPTIONS = {"short": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC", "long": "-XX:+UseParallelGC"}


def start(folder: str, queries: str) -> SparkSession:
    """Starts Spark as a SQL warehouse behaves: ANSI mode, session time zone UTC, texts in byte order."""
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": JAVA_OPTIONS[queries],
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.local.dir": folder,
        "spark.log.level": "ERROR",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.lightweightPlanChangeValidation": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.warehouse.dir": os.path.join(folder, "tables"),
        "spark.ui.enabled": "false",
    }
    builder = SparkSession.builder.master("local[2]").appName("countersign-views")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


class Lane:
    """One session with its temporary views; the methods are the calls."""

    def __init__(self, spark: SparkSession) -> None:
        self.spark = spark
        self.thread = ThreadPoolExecutor(max_workers=1)

    def version(self) -> str:
        return self.spark.version

    def set(self, settings: dict) -> None:
        for name, value in settings.items():
            self.spark.conf.set(name, value)

    def load(self, name: str, file: str, columns: list, partitions: int) -> None:
        """Makes a temporary view of the typed rows of a JSON Lines file.

        Instants come as digits in a text, microseconds since 1970: more than a JSON number keeps exactly.
        """
        schema = ", ".join(f"{column['name']} {READ_TYPES[column['kind']]}" for column in columns)
        cells = [f"timestamp_micros(CAST({column['name']} AS BIGINT)) AS {column['name']}" if column["kind"] == "instant" else column["name"] for column in columns]
        rows = self.spark.read.schema(schema).option("mode", "FAILFAST").json(file).selectExpr(*cells)
        keep(rows, partitions).createOrReplaceTempView(name)

    def define(self, name: str, sql: str, partitions: int) -> None:
        """Makes a temporary view of a query; with partitions its rows are computed now, once."""
        rows = self.spark.sql(sql)
        (keep(rows, partitions) if partitions else rows).createOrReplaceTempView(name)

    def run(self, sql: str, args: dict) -> list:
        """Runs any statement with named parameters and returns its rows; what is no JSON value comes as text."""
        rows = self.spark.sql(sql, args=args).collect()
        return [[value if isinstance(value, (bool, int, float, type(None))) else str(value) for value in row] for row in rows]

    def write(self, sql: str, file: str) -> dict:
        """Writes the exact rows of a query as JSON Lines, and returns its columns with their kind."""
        rows = self.spark.sql(sql)
        kinds = {field.name: kind_of(field.dataType) for field in rows.schema}
        cells = [F.date_format(name, INSTANT).alias(name) if kind == "instant" else F.col(name) for name, kind in kinds.items()]
        lines = rows.select(F.to_json(F.struct(*cells), {"ignoreNullFields": "false"})).collect()
        with open(file, "w", encoding="utf-8", newline="\n") as output:
            output.writelines(f"{line}\n" for (line,) in lines)
        return kinds

    def seconds(self, sql: str) -> float:
        """How long a query takes, planning included, when its rows go nowhere."""
        began = time.monotonic()
        self.spark.sql(sql).write.format("noop").mode("overwrite").save()
        return time.monotonic() - began


def keep(rows: DataFrame, partitions: int) -> DataFrame:
    """Computes rows once. Rows in one partition are known to be together: no later query shuffles them."""
    return (rows.coalesce(1) if partitions == 1 else rows.repartition(partitions)).localCheckpoint()


def kind_of(data_type) -> str:
    if isinstance(data_type, TimestampType):
        return "instant"
    if isinstance(data_type, BooleanType):
        return "boolean"
    return "text" if isinstance(data_type, StringType) else "number"


def main() -> None:
    # Spark writes to the standard output too: what is no answer goes to the error output.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    one_at_a_time = threading.Lock()
    spark = start(*sys.argv[1:3])
    lanes: dict = {}

    def work(lane: Lane, request: dict) -> None:
        try:
            answer = {"value": getattr(lane, request["call"])(**request["input"])}
        except Exception as error:  # Whatever goes wrong is the answer to this call, not the end of the program.
            answer = {"error": str(error)}
        with one_at_a_time:
            answers.write(json.dumps({"id": request["id"], **answer}) + "\n")
            answers.flush()

    for line in sys.stdin:
        request = json.loads(line)
        if request["lane"] not in lanes:
            lanes[request["lane"]] = Lane(spark.newSession())
        lane = lanes[request["lane"]]
        lane.thread.submit(work, lane, request)
    # Nobody waits for an answer any more: what still runs is not worth its end.
    spark.stop()
    shutil.rmtree(sys.argv[1], ignore_errors=True)
    os._exit(0)


main()
