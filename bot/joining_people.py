"""Joins what people state about criteria of gates, and their second factors."""

from dataclasses import dataclass

from pydantic import SecretStr

from bot.outside import Common
from bot.services.second_factors import SecondFactors
from bot.services.seed_cipher import SeedCipher
from bot.services.statement_requests import StatementRequestService
from bot.services.statements import LastBoard, StatementService


@dataclass(frozen=True)
class PeopleServices:
    """What people sign and vote, who is asked to, and codes that only they have."""

    statements: StatementService
    statement_requests: StatementRequestService
    second_factors: SecondFactors


def people_services(common: Common, *, last_board: LastBoard) -> PeopleServices:
    """All of them. Raises SettingsError for a key of second factors that is none."""
    store, clock, ids = common.store, common.outside.clock, common.outside.ids
    requests = StatementRequestService(
        catalog=common.catalog,
        permissions=common.permissions,
        roles=common.outside.roles,
        store=store,
        clock=clock,
        ids=ids,
    )
    statements = StatementService(
        catalog=common.catalog,
        permissions=common.permissions,
        requests=requests,
        last_board=last_board,
        store=store,
        clock=clock,
        ids=ids,
    )
    cipher = cipher_of(common.outside.factor_key)
    return PeopleServices(statements, requests, SecondFactors(cipher=cipher, store=store, clock=clock))


def cipher_of(key: SecretStr | None) -> SeedCipher:
    """What encrypts seeds. Raises SettingsError for what is no key."""
    return SeedCipher(key.get_secret_value() if key else None)
