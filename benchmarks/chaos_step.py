"""A step of the chaos plan, in a process of its own; its ledger is the witness of what was done.

    act LEDGER MS   writes "begin", after two thirds of the time "end", and takes the rest to go
    probe LEDGER    exit 0 when this run's step has its "end" in the ledger, 1 when not

The effect is the line "end": appended at once, and on disk before anything else. It imports nothing of
ours: it is what an `exec` step would run anywhere.
"""

import os
import sys
import time


def main(purpose: str, ledger: str, milliseconds: str = "0") -> int:
    """Do what the purpose says; the exit status."""
    run, step = os.environ["SWITCHBACK_RUN_ID"], os.environ["SWITCHBACK_STEP_ID"]
    if purpose == "probe":
        with open(ledger, encoding="utf-8") as lines:  # noqa: PTH123
            return 0 if any(line.split()[:3] == ["end", run, step] for line in lines) else 1
    who = f"{run} {step} {os.environ['SWITCHBACK_NONCE']} {os.getpid()} {os.getppid()} {milliseconds}"
    _append(ledger, f"begin {who} {time.time():.6f}\n")
    time.sleep(int(milliseconds) / 1000 * 2 / 3)
    _append(ledger, f"end {who} {time.time():.6f}\n")
    time.sleep(int(milliseconds) / 1000 / 3)
    return 0


def _append(ledger: str, line: str) -> None:
    handle = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(handle, line.encode())
    os.fsync(handle)
    os.close(handle)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
