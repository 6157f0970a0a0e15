"""`python -m verify`: checks a proof with nothing installed but `cryptography`; a home with pyarrow too."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

VALID, NOT_VALID = 0, 2


def main(given: Sequence[str] | None = None) -> int:
    """Check what the arguments name, print what was found, and give the exit code: 0 valid, 2 not."""
    parser = argparse.ArgumentParser(prog="python -m verify", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--proof", type=Path, metavar="FILE", help="a proof of a change, or of consistency")
    what.add_argument("--home", type=Path, metavar="DIR", help="a whole home whose ledger is its ledger.db")
    parser.add_argument("--key", action="append", default=[], help="the public key, as name+id+base64")
    parser.add_argument(
        "--against",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a checkpoint kept elsewhere",
    )
    options = parser.parse_args(given)
    try:
        against = [_text(path) for path in options.against]
        if options.proof is None:
            return _home(options.home, options.key, against)
        return _proof(_text(options.proof), options.key, against)
    except ModuleNotFoundError as error:
        print(f"{error.name} is not installed, and this needs it: pip install {error.name}", file=sys.stderr)
        return NOT_VALID
    except OSError as error:
        print(f"{error.filename} cannot be read: {error.strerror}.", file=sys.stderr)
        return NOT_VALID


def _proof(text: str, keys: Sequence[str], against: Sequence[str]) -> int:
    from verify.proof import Proven, check

    verdict = check(text, keys, against=against)
    if isinstance(verdict, Proven):
        print("\n".join(verdict.sentences))
        return VALID
    print(verdict.because, file=sys.stderr)
    return NOT_VALID


def _home(home: Path, keys: Sequence[str], against: Sequence[str]) -> int:
    from verify.home import check

    report = check(home, keys=keys, against=against, heard=lambda line: print(line, file=sys.stderr))
    for fault in report.faults:
        print(f"{fault.where}: {fault.what}" + (f" [{fault.whose}]" if fault.whose else ""))
    print(", ".join(f"{name} {count:,}" for name, count in sorted(report.counts.items())))
    if not report.whole:
        return NOT_VALID
    print(f"All is as recorded: {report.entries} entries, {report.unsigned} unsigned, root {report.root}.")
    return VALID


def _text(path: Path) -> str:
    # As it lies: a line end that was changed on the way is to be seen.
    return path.read_bytes().decode("utf-8", "surrogateescape")


if __name__ == "__main__":
    sys.exit(main())
