"""Whether a day was clean."""

from collections.abc import Collection

from bot.domain.check_result import Reconciled


def day_is_clean(reconciled: Reconciled, *, explained: Collection[str], explained_is_clean: bool) -> bool:
    """Whether every check was done and passed.

    `explained` are the checks of which every discrepancy is explained or accepted in the register; one of
    these that failed does not count against the day where the playbook says so. An error always does.
    """
    return bool(reconciled.results) and all(
        result.status == "passed"
        or (explained_is_clean and result.status == "failed" and result.check in explained)
        for result in reconciled.results
    )
