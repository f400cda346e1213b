"""Whether a table keeps its rules."""

from bot.domain.check_result import MOST_FOUND, CheckResult
from bot.domain.rules_comparison import Duplicates, RulesCounted, compare_rules
from tests.unit.domain.declared import declared


def judged(counted: RulesCounted) -> CheckResult:
    check = declared(
        rules={"source": "new", "table": "people", "unique": [["id"], ["a", "b"]], "not_null": ["email"]}
    )
    assert check.rules is not None
    return compare_rules(check, check.rules, counted)


def counted(nulls: int = 0, keys: int = 0, rows: int = 1000) -> RulesCounted:
    first = tuple(((str(number),), 2) for number in range(min(keys, 60)))
    return RulesCounted(
        rows=rows,
        nulls={"email": nulls},
        duplicates=(Duplicates(("id",), keys, first), Duplicates(("a", "b"), 0, ())),
    )


def test_a_table_that_keeps_its_rules_passes() -> None:
    result = judged(counted())
    assert (result.status, result.new, result.difference) == ("passed", "1,000 rows", "0")
    assert result.tolerance == "0"


def test_what_breaks_a_rule_is_named_by_column_and_key() -> None:
    result = judged(counted(nulls=3, keys=1))
    assert result.status == "failed"
    assert [(one.name, one.text) for one in result.found] == [
        ("NULL in email", "email: 3 rows are NULL"),
        ("id = 0", "id 0: 2 rows"),
    ]
    assert result.difference == (
        "2 of 3 rules broken (email: 3 rows are NULL; id: 1 key is there more than once)"
    )


def test_only_the_first_of_many_are_named_and_all_are_counted() -> None:
    result = judged(counted(keys=1200))
    assert len(result.found) == MOST_FOUND
    assert "1,200 keys are there more than once" in result.difference


def test_a_table_without_rows_says_nothing_of_its_rules() -> None:
    result = judged(counted(rows=0))
    assert (result.status, result.problem) == ("unknown", "new: people has no rows")
