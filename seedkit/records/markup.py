"""The bank's texts as the HTML that knowledge articles hold."""

from __future__ import annotations

from collections.abc import Sequence


def html_of(texts: Sequence[str]) -> list[str]:
    """Return Markdown texts as plain HTML: headings, paragraphs, lists, bold words."""
    # Imported here: most commands never write an article.
    from markdown_it import MarkdownIt

    # What looks like HTML in a text stays text.
    reader = MarkdownIt("commonmark", {"html": False})
    return [reader.render(text) for text in texts]
