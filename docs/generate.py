"""Writes the documents that can drift: `python docs/generate.py`; a test compares them with the program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import main
from kg.config import Config
from kg.corpus import read_files
from kg.export import citation
from kg.export.description import Description

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).resolve().parent
WIDTH = 100


def commands(command: click.Command = main, parent: click.Context | None = None) -> Iterator[str]:
    """Yield the help of a command and of all below it, as Markdown."""
    name = "kg" if parent is None else command.name
    with click.Context(
        command, info_name=name, parent=parent, max_content_width=WIDTH, terminal_width=WIDTH
    ) as context:
        yield f"## {context.command_path}\n\n```\n{command.get_help(context)}\n```\n"
        if isinstance(command, click.Group):
            for each in command.list_commands(context):
                if (below := command.get_command(context, each)) is not None:
                    yield from commands(below, context)


def commands_page() -> str:
    """Return the whole page of commands."""
    head = (
        "# Commands\n\nData goes to stdout, messages to stderr. Exit status: 0 ok, 1 findings, 2 usage or input error. "
        "`-` stands for\nstdin or stdout where a file may be given. This page is made by `docs/generate.py`.\n\n"
    )
    return head + "\n".join(commands())


def citation_file() -> str:
    """Return CITATION.cff, as `data/dataset.yaml` has it."""
    return citation.cff(Description(read_files(Config.at(DOCS.parent)).dataset.value))


if __name__ == "__main__":
    (DOCS.parent / citation.NAME).write_text(citation_file(), encoding="utf-8")
    (DOCS / "commands.md").write_text(commands_page(), encoding="utf-8")
