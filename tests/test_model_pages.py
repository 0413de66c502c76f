"""docs/models.md and its pages are what the profiles say today."""

from __future__ import annotations

from docs import make_models


def test_the_pages_are_those_of_the_profiles() -> None:
    pages = make_models.all_pages()
    found = {
        path.relative_to(make_models.FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in (make_models.FOLDER / make_models.INDEX, *(make_models.FOLDER / "models").glob("*.md"))
    }
    assert sorted(found) == sorted(pages), "run: python3 dev.py docs"
    assert [name for name in pages if found[name] != pages[name]] == [], "run: python3 dev.py docs"
