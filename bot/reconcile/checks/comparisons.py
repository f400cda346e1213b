"""Which comparison does which kind of check. Rows are compared by their own part of the reconciliation."""

from collections.abc import Mapping

from bot.domain.playbook.checks import CheckKind
from bot.reconcile.checks.comparison import Comparison
from bot.reconcile.checks.freshness import freshness
from bot.reconcile.checks.grouped import grouped
from bot.reconcile.checks.growth import growth
from bot.reconcile.checks.lag import lag
from bot.reconcile.checks.rules import rules
from bot.reconcile.checks.scalar import scalar
from bot.reconcile.checks.schema import schema
from bot.reconcile.checks.success_rate import success_rate

COMPARISONS: Mapping[CheckKind, Comparison] = {
    "scalar": scalar,
    "grouped": grouped,
    "growth": growth,
    "schema": schema,
    "freshness": freshness,
    "lag": lag,
    "success_rate": success_rate,
    "rules": rules,
}
