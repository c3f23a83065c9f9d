from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.purge.stories.ground import Ground, make_ground
from tests.purge.stories.theatre import Theatre


@dataclass
class Grounds:
    """The grounds of stories, each made when the first story asks for it."""

    folder: Path
    made: dict[str, Ground] = field(default_factory=dict)

    def named(self, name: str) -> Ground:
        if name not in self.made:
            (self.folder / name).mkdir(exist_ok=True)
            self.made[name] = make_ground(self.folder / name, name)
        return self.made[name]


@pytest.fixture(scope="package")
def theatre() -> Iterator[Theatre]:
    opened = Theatre()
    yield opened
    opened.close()


@pytest.fixture(scope="package")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Grounds:
    return Grounds(tmp_path_factory.mktemp("grounds"))
