"""The engine of one host: profiles and lists of the user's folder, detection, and what it shares."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from modelwise.compile import Request
from modelwise.profile_files import BUNDLED
from modelwise.vocabulary import Category, Vocabulary
from modelwise.vocabulary_cache import VocabularyCache
from modelwise.webui import element_ids
from modelwise.webui.engine import Engine
from modelwise.webui.host import CheckpointFacts
from tests.support.checking import bundled
from tests.support.hosts import ANIMAGINE, UNKNOWN, FakeHost, checkpoint_file

OPT = "animagine-xl-4.0-opt"
OWN_PROFILE = """
schema = 1
id = "mine"
version = 3
name = "My Mix"
family = "animagine-xl-4"
extends = "animagine-xl-4.0"
[match]
names = ["my-mix"]
"""


def engine_with(folder: Path, profile: str = "", tags: bytes = b"") -> Engine:
    """An engine whose user folder holds a profile and a tag list."""
    for name, content in (("profiles/mine.toml", profile.encode()), ("tags/mine.csv", tags)):
        if content:
            (folder / name).parent.mkdir()
            (folder / name).write_bytes(content)
    return Engine(FakeHost(folder))


def test_bundled_profiles_where_the_users_folder_is_missing(tmp_path: Path) -> None:
    engine = Engine(FakeHost(tmp_path / "not there"))
    assert dict(engine.profiles) == dict(bundled())
    assert len(engine.vocabulary) > 0
    assert not (tmp_path / "not there").exists()


def test_own_profile_is_loaded_and_used(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, OWN_PROFILE)
    assert engine.profiles["mine"].version == 3
    assert engine.detect(CheckpointFacts(Path("my-mix.ckpt"))).profile == "mine"
    prompt = engine.compiler("mine").compile(Request("smile, 1girl")).prompt
    assert prompt == "1girl, smile, masterpiece, high score, great score, absurdres"


def test_bad_own_profile_is_logged_and_leaves_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "modelwise"):
        engine = engine_with(tmp_path, OWN_PROFILE.replace("schema = 1", "schema = 7"))
        assert set(engine.profiles) == set(bundled())
    assert "mine.toml" in caplog.text and "schema" in caplog.text


def test_own_copy_of_a_bundled_profile_does_not_replace_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "profiles").mkdir()
    shutil.copy(BUNDLED / f"{OPT}.toml", tmp_path / "profiles" / "copy.toml")
    engine = Engine(FakeHost(tmp_path))
    assert engine.profiles[OPT] == bundled()[OPT]
    assert "copy.toml" in caplog.text


def test_own_tag_list_is_read(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, tags=b'zz_somebody,4,10,"zz_alias"\n')
    found = engine.vocabulary.find("zz somebody")
    assert found is not None and found.category is Category.CHARACTER
    prompt = engine.compiler(OPT).compile(Request("smile, zz_somebody, 1girl")).prompt
    assert prompt.startswith("1girl, zz somebody, smile")


@pytest.mark.parametrize(
    "bad",
    [
        b"\xff\xfe\n",
        b'x,0,1,"b"\ry,0\n',
        b'x,0,1,"' + b"y" * 140_000 + b'"\n',
        b"x,0," + b"9" * 5000 + b"\n",
        b'"x,0,1\n',
        b"x,0,1,\0\n",
    ],
    ids=["bytes", "carriage return", "long field", "long count", "quote", "null"],
)
def test_bad_line_of_an_own_list_stops_nothing(tmp_path: Path, bad: bytes) -> None:
    engine = engine_with(tmp_path, tags=b"zz_one,4,1\n" + bad + b"zz_two,4,1\n")
    assert engine.vocabulary.find("zz one") and engine.vocabulary.find("zz two")


def test_own_list_that_cannot_be_read_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "tags" / "folder.csv").mkdir(parents=True)
    engine = Engine(FakeHost(tmp_path))
    assert engine.vocabulary.find("1girl") is not None
    assert "folder.csv" in caplog.text


def test_vocabulary_is_loaded_ahead_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[Path] = []
    load = VocabularyCache.load

    def noted(cache: VocabularyCache, files: Sequence[Path]) -> Vocabulary:
        loads.extend(files)
        return load(cache, files)

    monkeypatch.setattr(VocabularyCache, "load", noted)
    engine = engine_with(tmp_path, tags=b"zz_one,4,1\n")
    thread = engine.load_ahead()
    assert engine.vocabulary.find("zz one")
    thread.join(30)
    assert not thread.is_alive() and loads == [tmp_path / "tags" / "mine.csv"]
    assert list((tmp_path / "cache").iterdir())


def test_list_that_goes_while_it_is_read_is_told_to_who_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_cache: VocabularyCache, _files: Sequence[Path]) -> Vocabulary:
        raise FileNotFoundError("mine.csv")

    engine = engine_with(tmp_path, tags=b"zz_one,4,1\n")
    with monkeypatch.context() as patch:
        patch.setattr(VocabularyCache, "load", gone)
        engine.load_ahead().join(30)
        with pytest.raises(FileNotFoundError):
            _ = engine.vocabulary
    assert engine.vocabulary.find("zz one")


def test_list_with_bad_lines_is_logged_from_the_cache_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for engine in (engine_with(tmp_path, tags=b"zz_one,4,1\nbad\n"), Engine(FakeHost(tmp_path))):
        caplog.clear()
        assert engine.vocabulary.find("zz one")
        assert "mine.csv: line 2: found 'bad'" in caplog.text
        assert "mine.csv: 1 lines with problems" in caplog.text


def test_lists_are_read_again_while_others_compile(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, tags=b"zz_one,0,1\n")
    request = Request("smile, zz_one, 1girl")
    made: list[str] = []
    ended = threading.Event()

    def compile_on() -> None:
        while not ended.is_set():
            made.append(engine.compiler(OPT).compile(request).prompt)
            made.append(engine.explainer(OPT).explain(request).result.prompt)
            assert engine.detect(ANIMAGINE).profile == OPT

    threads = ThreadPoolExecutor(3)
    working = [threads.submit(compile_on) for _ in range(3)]
    checkpoint = checkpoint_file(tmp_path, "sdxl")
    profiles, detection = engine.profile_set, engine.detect(checkpoint)
    for count in range(2, 6):
        (tmp_path / "tags" / "mine.csv").write_bytes(b"zz_one,4,1\n" * count)
        engine.forget_vocabulary()
        assert engine.compiler(OPT).compile(request).prompt.startswith("1girl, zz one, smile")
    ended.set()
    assert [work.result(30) for work in working] == [None] * 3
    assert all(text.startswith("1girl, ") for text in made)
    assert engine.profile_set is profiles and engine.detect(checkpoint) is detection


def test_what_a_box_becomes_is_forgotten_with_the_lists(tmp_path: Path) -> None:
    engine = engine_with(tmp_path)
    engine.counted_texts.remember(ANIMAGINE, "1girl", "1girl, smile", positive=True)
    engine.forget_vocabulary()
    assert engine.counted_texts.find(ANIMAGINE, "1girl", positive=True) is None


def test_detection_by_name_hash_and_choice(tmp_path: Path) -> None:
    engine = Engine(FakeHost(tmp_path))
    assert engine.detect(ANIMAGINE).rule == "name"
    by_hash = engine.detect(CheckpointFacts(Path("renamed.ckpt"), shorthash="6327eca98b"))
    assert (by_hash.profile, by_hash.rule) == (OPT, "hash")
    chosen = engine.detect(UNKNOWN, "Animagine XL 3.1")
    assert (chosen.profile, chosen.rule) == ("animagine-xl-3.1", "choice")
    assert engine.detect(checkpoint_file(tmp_path, "sdxl")).profile == "generic-sdxl"


def test_no_checkpoint_is_an_unknown_one(tmp_path: Path) -> None:
    detection = Engine(FakeHost(tmp_path)).detect(None)
    assert (detection.profile, detection.family) == ("generic", None)
    assert detection.reason


@pytest.mark.parametrize("choice", [None, "", "auto", "Auto", "AUTO"])
def test_auto_is_no_choice(tmp_path: Path, choice: str | None) -> None:
    engine = Engine(FakeHost(tmp_path))
    assert engine.profile_id(choice) is None
    assert engine.detect(ANIMAGINE, choice).rule == "name"


def test_every_profile_can_be_chosen_by_id_and_by_name(tmp_path: Path) -> None:
    engine = Engine(FakeHost(tmp_path))
    for profile in engine.profiles.values():
        assert engine.profile_id(profile.id) == engine.profile_id(profile.name) == profile.id


def test_unknown_choice_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=rf"found 'pony'; allowed: auto, .*{OPT}"):
        Engine(FakeHost(tmp_path)).profile_id("pony")


def test_compiler_is_made_once_even_by_threads_at_once(tmp_path: Path) -> None:
    engine = Engine(FakeHost(tmp_path))
    found = []
    threads = [threading.Thread(target=lambda: found.append(engine.compiler(OPT))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(map(id, found))) == 1


def test_foreign_words_are_reported_by_the_engines_compilers(tmp_path: Path) -> None:
    result = Engine(FakeHost(tmp_path)).compiler(OPT).compile(Request("1girl, very aesthetic"))
    found = [entry for entry in result.report if entry.kind == "warning" and entry.item == "very aesthetic"]
    assert len(found) == 1


def test_element_ids_of_a_tab_differ() -> None:
    ids = [element_ids.panel(tab) for tab in ("txt2img", "img2img")]
    ids += [element_ids.part(tab, name) for tab in ("txt2img", "img2img") for name in ("line", "mode")]
    assert len(set(ids)) == len(ids)
    assert all(name.startswith("modelwise_") for name in ids)
