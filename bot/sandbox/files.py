"""The files of a workspace: announced, uploaded, and then shared."""

import mimetypes
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from bot.sandbox.clock import Clock, Ids
from bot.sandbox.json_values import JsonObject
from bot.sandbox.persistence import Storage, StoredFile
from bot.sandbox.seed import Seed

#: Of an extension that is none of these, the type is the extension: https://docs.slack.dev/reference/objects/file-object
_PRETTY = {"csv": "CSV", "json": "JSON", "txt": "Plain Text", "md": "Markdown", "pdf": "PDF", "zip": "Zip"}


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that was announced. `data` is None until its bytes have come."""

    id: str
    name: str
    length: int
    data: bytes | None = None


class FileStore:
    """Uploads that are under way, which a restart loses, and the files that came of them."""

    def __init__(self, *, clock: Clock, ids: Ids, seed: Seed, storage: Storage) -> None:
        self._clock = clock
        self._ids = ids
        self._seed = seed
        self._storage = storage
        self._tickets: dict[str, str] = {}
        self._uploads: dict[str, Upload] = {}
        self._files = {file.id: file for file in storage.files()}

    def announce(self, *, name: str, length: int) -> tuple[Upload, str]:
        """A file to come of so many bytes, and the ticket to send them with."""
        upload = Upload(id=f"F{self._ids.token()}", name=name, length=length)
        ticket = self._ids.token()
        self._tickets[ticket] = upload.id
        self._uploads[upload.id] = upload
        return upload, ticket

    def awaited(self, ticket: str) -> Upload | None:
        """The upload that a ticket is for; a ticket is used up when the bytes are there."""
        return self._uploads.get(self._tickets.get(ticket, ""))

    def receive(self, ticket: str, data: bytes) -> None:
        """The bytes of an awaited upload."""
        upload = self._uploads[self._tickets.pop(ticket)]
        self._uploads[upload.id] = replace(upload, data=data)

    def uploaded(self, file_id: str) -> Upload | None:
        """An upload whose bytes are there and of which no file was made yet."""
        upload = self._uploads.get(file_id)
        return upload if upload is not None and upload.data is not None else None

    def complete(self, upload: Upload, *, title: str) -> StoredFile:
        """Make a file of an upload whose bytes are there."""
        del self._uploads[upload.id]
        return self._keep(StoredFile(id=upload.id, body=self._body(upload, title), data=upload.data or b""))

    def change(self, file: StoredFile, fields: JsonObject) -> None:
        """Put other fields into a file's object, as where it was shared."""
        self._keep(replace(file, body={**file.body, **fields}))

    def find(self, file_id: str) -> StoredFile | None:
        """A file by id."""
        return self._files.get(file_id)

    def clear(self) -> None:
        """Forget everything; the storage is not touched."""
        self._tickets.clear()
        self._uploads.clear()
        self._files.clear()

    def _keep(self, file: StoredFile) -> StoredFile:
        self._storage.save_file(file)
        self._files[file.id] = file
        return file

    def _body(self, upload: Upload, title: str) -> JsonObject:
        """Slack's file object without its links."""
        created = int(self._clock.now())
        kind = PurePosixPath(upload.name).suffix.removeprefix(".").lower() or "text"
        return {
            "id": upload.id,
            "created": created,
            "timestamp": created,
            "name": upload.name,
            "title": title,
            "mimetype": mimetypes.guess_type(upload.name)[0] or "application/octet-stream",
            "filetype": kind,
            "pretty_type": _PRETTY.get(kind, kind.upper()),
            "user": self._seed.bot_user_id,
            "user_team": self._seed.team_id,
            "editable": False,
            "size": upload.length,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "has_rich_preview": False,
            "file_access": "visible",
            "channels": [],
            "groups": [],
            "ims": [],
            "shares": {},
        }
