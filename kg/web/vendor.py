"""Keeps the browser libraries that pages use as files of the project: each with version, licence and checksums.

A folder of such libraries has a record, `vendor.json`: a list of packages, each with the subfolder it goes to (`name`),
npm package, version, licence, why it is here, and its files: name → `{"from": path in the package, "sha256": …}`. A
file of shapes (TopoJSON) may be cut to what is shown: `"cut": {"bounds": [west, south, east, north], "digits": 2}`.
To add or renew a library, write its entry (the checksums may be left out) and run

    python -m kg.web.vendor refresh FOLDER...

which fetches the packages named through npm, copies the files and writes their checksums into the record.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from kg.errors import AscribeError, MissingPartError, UsageError
from kg.web import coasts

RECORD = "vendor.json"
SERVED = Path(__file__).parent / "static" / "vendor"
_USAGE = "Say: python -m kg.web.vendor refresh|check [FOLDER...], each a folder with a vendor.json."


def read(folder: Path) -> list[dict[str, Any]]:
    """Return the record of a folder of libraries; raises UsageError where there is none or it is no JSON."""
    try:
        record: list[dict[str, Any]] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder / RECORD} cannot be read: {error}. {_USAGE}") from None
    return record


def faults(folder: Path) -> list[str]:
    """Return what is wrong with a folder of libraries: files that are missing, changed, or in no record."""
    found = []
    known = {folder / RECORD}
    for entry in read(folder):
        for name, source in entry["files"].items():
            path = folder / entry["name"] / name
            known.add(path)
            if not path.is_file():
                found.append(f"{path} is missing")
            elif _sha256(path.read_bytes()) != source.get("sha256"):
                found.append(f"{path} is not the file on record")
    found += [f"{path} is in no record" for path in sorted(folder.rglob("*")) if path.is_file() and path not in known]
    return found


def refresh(folder: Path) -> int:
    """Fetch the packages on record in their versions, replace the folder's files by theirs; return how many files.

    Raises MissingPartError where npm is not there or fetches nothing, UsageError where a package lacks a file.
    """
    record = read(folder)
    fetched = [(entry, name, content) for entry in record for name, content in _contents(entry).items()]
    for each in sorted(folder.iterdir()):
        if each.is_dir():
            shutil.rmtree(each)
    for entry, name, content in fetched:
        path = folder / entry["name"] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        entry["files"][name]["sha256"] = _sha256(content)
    (folder / RECORD).write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return len(fetched)


def _contents(entry: dict[str, Any]) -> dict[str, bytes]:
    """Return name → content of the files that an entry takes from its package."""
    wanted = f"{entry['package']}@{entry['version']}"
    npm = shutil.which("npm")
    if npm is None:
        raise MissingPartError("npm is needed to fetch browser libraries. Install Node.js, then try again.")
    with tempfile.TemporaryDirectory() as there:
        done = subprocess.run([npm, "pack", "--silent", wanted], cwd=there, capture_output=True, text=True, check=False)
        if done.returncode:
            raise MissingPartError(f"npm did not fetch {wanted}: {done.stderr.strip() or done.stdout.strip()}")
        (packed,) = Path(there).glob("*.tgz")
        found = {}
        with tarfile.open(packed) as archive:
            for name, source in entry["files"].items():
                try:
                    member = archive.extractfile(f"package/{source['from']}")
                except KeyError:
                    member = None
                if member is None:
                    raise UsageError(f"{wanted} has no file {source['from']}: mend the record of {entry['name']}.")
                content = member.read()
                found[name] = coasts.cut(content, **source["cut"]) if "cut" in source else content
    return found


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main(arguments: list[str]) -> int:
    """Refresh or check folders of libraries (the served one when none is named); return the exit status."""
    command, *names = arguments or [""]
    folders = [Path(name) for name in names] or [SERVED]
    try:
        if command == "refresh":
            for folder in folders:
                print(f"{folder}: {refresh(folder)} files", file=sys.stderr)
        elif command == "check":
            wrong = [fault for folder in folders for fault in faults(folder)]
            print("\n".join(wrong) or "All files are as on record.", file=sys.stderr)
            return 1 if wrong else 0
        else:
            raise UsageError(_USAGE)
    except AscribeError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
