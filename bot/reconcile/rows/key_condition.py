"""The SQL condition for rows of certain native keys."""

from collections.abc import Callable, Sequence

Literal = Callable[[object], str]


def key_condition(
    columns: Sequence[str], keys: Sequence[tuple[object, ...]], literal: Literal, *, values: str = ""
) -> str:
    """`columns` are quoted; `literal` writes a whole number, text or bytes so that nothing can end it.

    `values` is what stands before the rows of a key of several columns.
    """
    if len(columns) == 1:
        return f"{columns[0]} IN ({', '.join(literal(key[0]) for key in keys)})"
    rows = ", ".join(f"({', '.join(map(literal, key))})" for key in keys)
    return f"({', '.join(columns)}) IN ({values}{rows})"
