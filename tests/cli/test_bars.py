"""How progress looks: on terminals of any width, in a file, and while a person is asked."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from seedkit.cli.bars import BarProgress, make_bars
from seedkit.cli.shell import Shell
from seedkit.cli.watch import watch

LONG = "msfsi_financialholdinginstrument"


def console(width: int) -> Console:
    return Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)


def text(drawn: Console) -> str:
    assert isinstance(drawn.file, io.StringIO)
    return drawn.file.getvalue()


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 160])
def test_a_bar_takes_one_line_of_the_terminal(width: int) -> None:
    screen = console(width)
    bars = make_bars(screen)
    for name in ("Reading", f"  {LONG}"):
        task = bars.add_task(name, total=1_234_567)
        bars.update(task, completed=765_432)
    screen.print(bars.get_renderable())
    lines = text(screen).splitlines()
    assert len(lines) == 2, text(screen)
    assert max(map(len, lines)) <= width
    if width >= 80:
        assert "765,432/1,234,567" in lines[1]


def test_a_table_shows_while_it_is_under_way_also_where_nobody_knows_how_much_there_is() -> None:
    screen = console(100)
    progress = BarProgress(lambda: make_bars(screen), "Purging")
    progress.stage("Reading")
    progress.expect("contact", 0)
    progress.done("contact", 2_000)
    progress.close()
    assert "2,000/?" in text(screen)
    assert "contact" in text(screen)
    assert "Purging" not in text(screen)


def test_a_new_stage_begins_with_nothing_and_shows_nothing_yet() -> None:
    screen = console(100)
    progress = BarProgress(lambda: make_bars(screen), "Purging")
    progress.expect("contact", 10)
    progress.done("contact", 5)  # so two lines stand there
    progress.stage("Searching")
    asked = len(text(screen))
    screen.print("Delete 10 rows?")
    assert text(screen)[asked:] == "Delete 10 rows?\n"
    progress.expect("msfsi_group", 5)
    progress.close()
    after = text(screen)[asked:]
    assert "Searching" in after
    assert "0/5" in after
    assert "\x1b[1A" not in after.partition("Searching")[0], "the question would be wiped out"


def test_lines_in_a_file_name_what_is_done_and_how_much_there_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seedkit.cli.watch.LINE_SECONDS", 0.0)
    with watch(Shell(), "Purging") as progress:
        progress.stage("Reading")
        progress.expect("contact", 0)
        progress.done("contact", 2_000)
        progress.stage("Searching")
        progress.expect("contact", 4_000)
        progress.done("contact", 1_000)
    assert capsys.readouterr().err.splitlines() == [
        "Reading: 2,000 rows",
        "Searching: 1,000 of about 4,000 rows (25%)",
    ]


def test_quiet_shows_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seedkit.cli.watch.LINE_SECONDS", 0.0)
    with watch(Shell(quiet=True), "Purging") as progress:
        progress.stage("Reading")
        progress.expect("contact", 5)
        progress.done("contact", 5)
    assert capsys.readouterr().err == ""
