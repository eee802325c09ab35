"""What may be asked and what not: the door before the database, and the lock behind it."""

import os
from pathlib import Path

import duckdb
import pytest

from data_access.console.console import Console
from data_access.console.database import Opened, open_database
from data_access.console.limits import MOST_CHARACTERS, Room
from data_access.console.statements import TABLE_FUNCTIONS, Refusal
from errors import QueryError, QueryRefusedError
from tests.data_access.console.small_console import PATIENT, folders

READS = (
    "SELECT count(*) FROM annotations",
    "FROM annotations",
    "TABLE patches",
    "VALUES (1), (2)",
    "(SELECT 1)",
    "SELECT 1;  -- and nothing more;",
    "WITH a AS (FROM readings) SELECT count(*) FROM a",
    "WITH tables AS (SELECT 1), columns AS (FROM tables) FROM columns",
    "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 5) FROM a",
    "DESCRIBE patches",
    "SHOW TABLES",
    "SUMMARIZE annotations",
    "EXPLAIN SELECT 1",
    "/* ü */ explain -- why\n analyze (select 1)",
    "SELECT * FROM range(3), unnest([1, 2])",
    "PIVOT annotations ON type IN ('mcq') USING count(*)",
    "FROM annotations a JOIN patches p ON p.id = a.patch_id SELECT p.country",
    "SELECT (SELECT max(n_annotations) FROM patches) AS most",
    "SELECT 'FROM read_text(''/etc/passwd'')' AS only_a_text",
)
# What only the door refuses: the lock has nothing against it, but it tells of the machine, or waits.
TELLING = (
    "FROM duckdb_settings()",
    "FROM DuckDB_Settings()",
    'FROM "duckdb_settings"()',
    "FROM duckdb_databases",
    "FROM pragma_database_list",
    "FROM pg_catalog.pg_settings",
    "SELECT * FROM (FROM system.main.duckdb_views)",
    "FROM query('SELECT * FROM duckdb_settings()')",
    "FROM query_table('duckdb_databases')",
    "FROM histogram(duckdb_databases, path)",
    "FROM duckdb_secrets()",
    "FROM duckdb_extensions()",
    "WITH pg_settings AS (SELECT 1) FROM pg_settings",
    "WITH a AS (WITH duckdb_databases AS (SELECT 1) SELECT 1) FROM duckdb_databases",
    "SELECT current_setting('secret_directory')",
    "SELECT [x FOR x IN range(3) IF current_setting('threads') = '1']",
    "SELECT 'allowed_paths'.current_setting()",
    "SELECT * FROM annotations ORDER BY CURRENT_SETTING('home_directory')",
    "SELECT sleep_ms(100000)",
    "SELECT write_log('line')",
    "DESCRIBE duckdb_settings()",
    "SUMMARIZE duckdb_databases",
    "EXPLAIN ANALYZE FROM duckdb_settings()",
    "SHOW DATABASES",
    "SHOW ALL TABLES",
    "FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM duckdb_settings()'))",
    "CALL pragma_database_size()",
    "PRAGMA database_list",
    "PREPARE a AS SELECT 1",
    "EXECUTE a",
    "SELECT 1; SELECT 2",
    "CREATE TABLE t AS SELECT 1",
    "CREATE MACRO f() AS 1",
    "CREATE OR REPLACE TEMP VIEW annotations AS SELECT 1",
    "DROP VIEW annotations",
    "BEGIN TRANSACTION",
    "CHECKPOINT",
    "VACUUM catalogue.samples",
    "PIVOT annotations ON type USING count(*)",
)
# What the lock refuses as well, where the door is left open.
REACHING = (
    "FROM read_text('/etc/passwd')",
    "FROM read_blob('/etc/passwd')",
    "FROM read_csv('/etc/passwd', header = false, delim = ':')",
    "FROM read_json('/etc/passwd')",
    "FROM read_parquet('/etc/passwd')",
    "FROM read_text('/proc/self/environ')",
    "FROM read_text('/dev/fd/0')",
    "FROM read_text('../../../../etc/passwd')",
    "FROM read_duckdb('/tmp/other.duckdb')",
    "FROM sniff_csv('/etc/passwd')",
    "FROM parquet_metadata('/tmp/other.parquet')",
    "FROM parquet_kv_metadata('https://example.org/a.parquet')",
    "FROM glob('/etc/*')",
    "FROM '/etc/passwd'",
    "FROM 'https://example.org/a.parquet'",
    "FROM 's3://bucket/a.parquet'",
    'SELECT * FROM "/etc/passwd.csv"',
    "SELECT 1 WHERE 1 IN (SELECT 1 FROM read_text('/etc/passwd'))",
    "SELECT * FROM annotations /* ' */ UNION ALL BY NAME FROM read_text('/etc/passwd') -- '",
    "SELECT $$'$$, content FROM read_text($$/etc/passwd$$)",
    "SELECT * FROM \u00a0read_text('/etc/passwd')",
    "FROM \uff52\uff45\uff41\uff44_text('/etc/passwd')",
    "SELECT * FROM rea\u0000d_text('/etc/passwd')",
    "WITH x AS (COPY (SELECT 1) TO '/tmp/written-by-a-query') SELECT 1",
    "WITH x AS (DELETE FROM patches RETURNING *) FROM x",
    "WITH x AS (INSERT INTO catalogue.samples SELECT * FROM catalogue.samples RETURNING *) FROM x",
    "WITH x AS (UPDATE catalogue.samples SET lon = 0 RETURNING *) FROM x",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '/tmp/written-by-a-query'",
    "COPY annotations TO '/tmp/written-by-a-query'",
    "COPY (SELECT 1) TO '/dev/stdout'",
    "EXPORT DATABASE '/tmp/written-by-a-query'",
    "IMPORT DATABASE '/tmp/written-by-a-query'",
    "ATTACH '/tmp/written-by-a-query' AS other",
    "ATTACH 'https://example.org/a.duckdb' AS other",
    "INSTALL httpfs",
    "LOAD httpfs",
    "LOAD '/tmp/library.so'",
    "SET enable_external_access = true",
    "SET GLOBAL memory_limit = '1TB'",
    "RESET memory_limit",
    "PRAGMA threads = 64",
    "SET lock_configuration = false",
    "DELETE FROM catalogue.samples",
    "DROP TABLE catalogue.samples",
    "CREATE TABLE catalogue.other AS SELECT 1",
    "SELECT getenv('HOME')",
)


@pytest.fixture(scope="module")
def opened(files: dict[str, str]) -> Opened:
    return open_database(files, Room())


def passes(opened: Opened, query: str) -> None:
    with opened.connection.cursor() as cursor:
        opened.door.check(cursor, query)


@pytest.mark.parametrize("query", READS)
def test_what_reads_is_answered(opened: Opened, query: str) -> None:
    passes(opened, query)
    with opened.connection.cursor() as cursor:
        cursor.execute(query).fetchall()


@pytest.mark.parametrize("query", TELLING + REACHING)
def test_the_door_refuses_the_rest(opened: Opened, query: str) -> None:
    with pytest.raises((Refusal, duckdb.ParserException)):
        passes(opened, query)


@pytest.mark.parametrize("query", [query for query in REACHING if "\0" not in query])
def test_the_lock_holds_where_the_door_is_left_open(opened: Opened, query: str) -> None:
    with opened.connection.cursor() as cursor, pytest.raises(duckdb.Error):
        cursor.execute(query).fetchall()
    assert not Path("/tmp/written-by-a-query").exists()  # noqa: S108 - the name that the queries write


def test_no_function_and_no_view_of_the_database_is_open_but_the_named_ones(opened: Opened) -> None:
    with duckdb.connect() as free:  # whatever this version of DuckDB brings, the next one's additions among it
        functions = free.sql("SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type LIKE '%table%'")
        views = free.sql("SELECT schema_name, view_name FROM duckdb_views()").fetchall()
        names = {row[0] for row in functions.fetchall()}
    assert len(names) > 80
    assert len(views) > 40
    assert names >= TABLE_FUNCTIONS
    for name in names - TABLE_FUNCTIONS:
        with pytest.raises(Refusal, match="not open"):
            passes(opened, f'SELECT * FROM "{name}"()')
    for schema, view in views:
        for relation in (f'"{view}"', f'"{schema}"."{view}"'):
            with pytest.raises(Refusal, match="table"):
                passes(opened, f"SELECT * FROM {relation}")


def test_a_refusal_names_the_place_in_characters(console: Console) -> None:
    query = "SELECT 'äöü€', content FROM read_text('/etc/passwd')"
    with pytest.raises(QueryRefusedError, match="no files") as refused:
        console.run(query, PATIENT)
    assert refused.value.position == query.index("read_text")
    with pytest.raises(QueryError, match="syntax error at or near"):
        console.run("SELEC 1", PATIENT)


@pytest.mark.parametrize(
    "query",
    [
        "EXPLAIN ANALYZE FROM annotations",
        "EXPLAIN FROM patches",
        "SELECT * EXCLUDE (nothing) FROM annotations",
        "SELECT nothing FROM patches",
        "FROM annotations SELECT filename",
        "SELECT 'a'::INTEGER FROM annotations",
        "SELECT error('x')",
        "SHOW TABLES",
    ],
)
def test_no_answer_and_no_message_names_a_folder_of_this_machine(
    console: Console, files: dict[str, str], query: str
) -> None:
    try:
        told = str(console.run(query, PATIENT).table.to_pylist())
    except QueryError as error:
        told = error.message
    assert not [folder for folder in folders(files) if folder in told]


def test_a_worker_gets_no_secret_of_the_environment(files: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    fresh = Console(files)
    try:
        fresh.run("SELECT 1")
        (pid,) = fresh.pids
        environment = Path(f"/proc/{pid}/environ")
        if environment.exists():
            assert b"hf_secret" not in environment.read_bytes()
            assert not os.path.exists(os.readlink(f"/proc/{pid}/cwd"))  # noqa: PTH110, PTH115 - a link of the kernel's
            assert int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[16]) > 0  # niceness
    finally:
        fresh.close()


def test_long_queries_are_refused_before_they_travel(console: Console) -> None:
    with pytest.raises(QueryRefusedError, match="characters"):
        console.run("SELECT " + "1" * MOST_CHARACTERS, PATIENT)
    with pytest.raises(QueryError):
        console.run("SELECT " + "(" * 3900 + "1" + ")" * 3900, PATIENT)
    assert console.run("SELECT 1 AS one", PATIENT).table.to_pylist() == [{"one": 1}]
