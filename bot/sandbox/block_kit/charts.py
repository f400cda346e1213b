"""The data_visualization block.

https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from bot.sandbox.block_kit.checks import (
    Check,
    Problems,
    all_of,
    array,
    by_type,
    number,
    problem,
    record,
    string,
    typed,
)
from bot.sandbox.json_values import Json, as_list, as_object, as_text

MOST_SERIES = 12
MOST_CATEGORIES = 20
_LABEL = string(most=20)
_TITLE = string(most=50)

_POINT = record(required={"label": _LABEL, "value": number})
_SERIES = record(required={"name": _LABEL, "data": array(_POINT, most=MOST_CATEGORIES)})
_AXES = record(
    required={"categories": array(_LABEL, most=MOST_CATEGORIES)},
    optional={"x_label": _TITLE, "y_label": _TITLE},
)


def _series_fit_the_axis(value: Json, pointer: str, problems: Problems) -> None:
    """Every series has one point in each category, and a name of its own."""
    chart = as_object(value)
    categories = [as_text(name) for name in as_list(as_object(chart.get("axis_config")).get("categories"))]
    if len(set(categories)) < len(categories):
        problem(problems, f"{pointer}/axis_config/categories", "must be unique")
    names = [as_text(as_object(series).get("name")) for series in as_list(chart.get("series"))]
    if len(set(names)) < len(names):
        problem(problems, f"{pointer}/series", "names must be unique")
    for position, series in enumerate(as_list(chart.get("series"))):
        data = as_list(as_object(series).get("data"))
        labels = [as_text(as_object(point).get("label")) for point in data]
        for index, label in enumerate(labels):
            if label not in categories:
                where = f"{pointer}/series/{position}/data/{index}/label"
                problem(problems, where, "must be one of the categories")
        if sorted(labels) != sorted(categories):
            where = f"{pointer}/series/{position}/data"
            problem(problems, where, "must have one point for each category")


def _plotted(kind: str) -> Check:
    return all_of(
        typed(kind, required={"series": array(_SERIES, most=MOST_SERIES), "axis_config": _AXES}),
        _series_fit_the_axis,
    )


DATA_VISUALIZATION = typed(
    "data_visualization",
    required={
        "title": _TITLE,
        "chart": by_type(
            {
                "pie": typed("pie", required={"segments": array(_POINT, most=MOST_SERIES)}),
                "bar": _plotted("bar"),
                "area": _plotted("area"),
                "line": _plotted("line"),
            }
        ),
    },
    optional={"block_id": string(most=255)},
)
