"""Whether both servers' own hash functions say the same of known values."""

from psycopg import errors, sql

from bot.reconcile.rows.postgres_expressions import ComparedValues, Form
from bot.reconcile.rows.postgres_hash import NativeHash, RowHash, md5_hash
from bot.reconcile.rows.postgres_pair import PostgresPair
from bot.reconcile.rows.postgres_pipeline import both
from bot.reconcile.rows.postgres_side import PostgresSide
from bot.reconcile.rows.postgres_table import trusted

_KNOWN: dict[Form, tuple[str, ...]] = {
    "small": ("0", "-1", "1", "2147483647"),
    "integer": ("0::int8", "-1::int8", "1::int8", "4294967296::int8", "(-9223372036854775807)::int8"),
    "numeric": ("0::numeric", "1.10", "-1.1", "12345678901234567.01", "1e-20", "'NaN'::numeric"),
    "float": ("0::float8", "'-0'::float8", "0.1::float8", "-1e300::float8", "'Infinity'::float8"),
    "text": ("''", "'a'", "'twelve bytes'", "'thirteen byte'", "'é漢🙂'", "repeat('long ', 100)"),
    "boolean": ("true", "false"),
    "date": ("date '2024-02-29'", "date '0001-01-01'", "date 'infinity'"),
    "time": ("time '00:00'", "time '23:59:59.999999'"),
    "timestamp": (
        "timestamptz '2024-02-29 12:00:00.000001+00'",
        "timestamptz '9999-12-31 23:59:59.999999+00'",
        "timestamptz '-infinity'",
    ),
    "bytes": ("''::bytea", "'\\x00ff'::bytea"),
    "uuid": ("'6f1c2a52-0000-4000-8000-0123456789ab'::uuid",),
}

_TYPES: dict[Form, str] = {
    "small": "int4",
    "integer": "int8",
    "float": "float8",
    "timestamp": "timestamptz",
    "bytes": "bytea",
}


async def agreed_hash(pair: PostgresPair) -> RowHash:
    """Native hashes where both servers agree on every kind of value that is compared, else MD5."""
    forms = sorted({column.form for column in (*pair.keys, *pair.values)})
    native_hash = NativeHash(min(pair.legacy.version, pair.new.version))
    query = probe(native_hash, forms)
    legacy, new = await both(_hashes(pair.legacy, query), _hashes(pair.new, query))
    return native_hash if legacy is not None and legacy == new else md5_hash


def probe(native_hash: RowHash, forms: list[Form]) -> sql.Composed:
    """A query of the native hashes of some values of these forms."""
    hashes = [
        native_hash([_known(form, value), _known(form, "NULL")], "legacy")
        for form in forms
        for value in _KNOWN[form]
    ]
    return sql.SQL("SELECT {}").format(sql.SQL(", ").join(hashes))


def _known(form: Form, value: str) -> ComparedValues:
    typed = trusted(f"({value})::{_TYPES.get(form, form)}")
    return ComparedValues(form=form, legacy=typed, new=typed, nullable=True)


async def _hashes(side: PostgresSide, query: sql.Composed) -> tuple[object, ...] | None:
    """None where the server does not have the functions."""
    found = await side.attempt(query, unless=errors.UndefinedFunction)
    return found[0] if found else None
