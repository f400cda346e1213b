"""`make demo-codes`: the codes of the demo's people, who have no telephones.

Enrols everybody whose approval takes a code, at the terminal as an administrator does, keeps their secrets
beside the demo's database, and prints the six digits of each as they are now. For the demo alone: whoever
reads the folder could approve as anybody.
"""

import base64
import hmac
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

SECONDS = 30
SWITCHBACK = str(Path(sys.executable).parent / "switchback")


def factor_key(kept: Path) -> str:
    """The key of the demo's second factors, made at its first start."""
    path = kept / "factor.key"
    if not path.exists():
        _write(path, base64.urlsafe_b64encode(os.urandom(32)).decode())
    return path.read_text(encoding="ascii")


def code(secret: str, seconds: float) -> str:
    """The six digits of a secret at a time (RFC 6238, as every authenticator does it)."""
    padded = secret + "=" * (-len(secret) % 8)
    counter = int(seconds // SECONDS).to_bytes(8, "big")
    digest = hmac.digest(base64.b32decode(padded, casefold=True), counter, "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def enrolled(kept: Path, people: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """The secret of each, enrolled where that has not been done. Raises SystemExit when it cannot be."""
    path = kept / "factors.json"
    secrets: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for user_id, name in people.items():
        if user_id in secrets:
            continue
        enrol = (SWITCHBACK, "factors", "enrol", user_id, "--name", name, "--vouch", user_id, "--json")
        made = subprocess.run(
            enrol, check=False, capture_output=True, text=True, env={**os.environ, **settings}
        )
        if made.returncode != 0:
            raise SystemExit(f"{name} could not be enrolled:\n{made.stdout}{made.stderr}")
        secrets[user_id] = json.loads(made.stdout)["secret"]
        _write(path, json.dumps(secrets))
    return secrets


def told(secrets: Mapping[str, str], people: Mapping[str, str]) -> str:
    """A line for each of them, and how long their codes are the newest ones."""
    now = time.time()
    lines = [f"  {code(secrets[user_id], now)}  {name} ({user_id})" for user_id, name in people.items()]
    return "\n".join([*lines, f"  good for {SECONDS - int(now) % SECONDS} s more, and each once"])


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
