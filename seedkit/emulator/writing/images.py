"""Images among the values of a row: base64 in its body, set and emptied with it [documented].

Such an image has no file name of its own; that it then has its column's is inferred.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping, Sequence
from contextlib import suppress

from seedkit.emulator.errors import NOT_PRIMARY_IMAGE, PlatformError, payload_error
from seedkit.emulator.session import Session
from seedkit.emulator.storage.blobs import Place
from seedkit.emulator.storage.layout import Layout
from seedkit.emulator.writing.files import DEFAULT_TYPE, remove_file, save_file
from seedkit.emulator.writing.fill import Body

Images = Mapping[str, bytes | None]


def new_images(layout: Layout, bodies: Sequence[Body]) -> tuple[Sequence[Body], dict[int, Images]]:
    """Return bodies without their images, and the images by the place of their body.

    Only the primary image can be set when a row is created [documented].
    """
    found: dict[int, Images] = {}
    if not any(name in body for name in layout.images for body in bodies):
        return bodies, found
    plain: list[Body] = []
    for index, body in enumerate(bodies):
        rest, found[index] = sent_images(layout, body)
        plain.append(rest)
        for name in found[index]:
            if name != layout.table.primary_image:
                raise PlatformError(
                    NOT_PRIMARY_IMAGE,
                    f"Non-primary image attribute {name} of entity {layout.name} is not allowed "
                    "to upload during Create operation.",
                )
    return plain, found


def sent_images(layout: Layout, body: Body) -> tuple[Body, Images]:
    """Return a body without its images, and the images: None empties the column."""
    images = {name: _decoded(layout, name, body[name]) for name in layout.images if name in body}
    if not images:
        return body, images
    return {name: value for name, value in body.items() if name not in images}, images


def put_images(session: Session, layout: Layout, row_id: str, images: Images) -> None:
    """Store or remove images of a row that is there."""
    for name, data in images.items():
        place = Place(layout.name, row_id, name)
        if data is None:
            remove_file(session, place)
        else:
            save_file(session, place, name, DEFAULT_TYPE, data)


def _decoded(layout: Layout, name: str, value: object) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, str) and value:
        with suppress(ValueError):
            return b64decode(value, validate=True)
    raise payload_error(layout.entity_set, f"the image '{name}' must be Base64.")
