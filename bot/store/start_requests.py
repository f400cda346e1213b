"""Rollbacks that wait for approvals, and the approvals."""

import sqlalchemy as sa

from bot.domain.errors import SupersededError
from bot.domain.person import Actor
from bot.domain.start_request import Approval, StartRequest
from bot.store.connection import Connection
from bot.store.insert_once import insert_once
from bot.store.tables import approvals, start_requests

_OF_ID = sa.select(start_requests.c.body).where(start_requests.c.id == sa.bindparam("request_id"))
_HELD = _OF_ID.with_for_update()


class StartRequests:
    """Reads start requests and changes them while they are open."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, request_id: str) -> StartRequest:
        """The request of that id. Raises SupersededError when there is none (the data was reset)."""
        return await self._read(request_id, _OF_ID)

    async def held(self, request_id: str) -> StartRequest:
        """The same, held until this transaction ends: who approves or withdraws meanwhile comes after it."""
        return await self._read(request_id, _HELD)

    async def open(self) -> tuple[StartRequest, ...]:
        """Those that have not ended, the one that runs out first first."""
        query = (
            sa.select(start_requests.c.id)
            .where(start_requests.c.status == "open")
            .order_by(start_requests.c.expires_at, start_requests.c.id)
        )
        rows = (await self._connection.execute(query)).all()
        return tuple([await self.get(row.id) for row in rows])

    async def add(self, request: StartRequest) -> bool:
        """Open a request; False when its walk has an open one."""
        return await insert_once(
            self._connection,
            start_requests.insert().values(
                id=request.id,
                walk=request.walk,
                preview=request.preview,
                status=request.status,
                expires_at=request.expires_at,
                body=_body(request),
            ),
        )

    async def expired(self, *, walk: str, preview: str) -> StartRequest | None:
        """The request for this preview that nobody approved in time, if there is one."""
        query = sa.select(start_requests.c.id).where(
            start_requests.c.walk == walk,
            start_requests.c.preview == preview,
            start_requests.c.status == "expired",
        )
        row = (await self._connection.execute(query)).first()
        return await self.get(row.id) if row else None

    async def replace(self, after: StartRequest) -> bool:
        """Write a changed request, its approvals too, if it is still open; False when it has ended."""
        written = await self._connection.execute(
            start_requests.update()
            .where(start_requests.c.id == after.id, start_requests.c.status == "open")
            .values(status=after.status, body=_body(after))
        )
        if written.rowcount != 1:
            return False
        staying = [actor.id for actor in after.approved_by]
        await self._connection.execute(
            approvals.delete().where(approvals.c.request == after.id, approvals.c.user_id.not_in(staying))
        )
        return True

    async def approve(self, request_id: str, approval: Approval) -> bool:
        """Write a person's approval; False when there is one of theirs."""
        return await insert_once(
            self._connection,
            approvals.insert().values(
                request=request_id, user_id=approval.by.id, name=approval.by.name, at=approval.at
            ),
        )

    async def _read(self, request_id: str, query: sa.Select[tuple[object]]) -> StartRequest:
        row = (await self._connection.execute(query, {"request_id": request_id})).one_or_none()
        if row is None:
            raise SupersededError("This request no longer exists")
        given = await self._connection.execute(
            sa.select(approvals)
            .where(approvals.c.request == request_id)
            .order_by(approvals.c.at, approvals.c.user_id)
        )
        listed = tuple(Approval(by=Actor(one.user_id, one.name), at=one.at) for one in given)
        return StartRequest.model_validate(row.body).model_copy(update={"approvals": listed})


def _body(request: StartRequest) -> dict[str, object]:
    return request.model_dump(mode="json", exclude={"approvals"})
