"""What the page gets to complete beside the index: of one profile, with the host's names of this moment."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec
import pytest

from modelwise.webui.choices import WrongChoice
from modelwise.webui.completion_words import completion_words, remembers
from modelwise.webui.engine import Engine
from modelwise.webui.host import StyleTexts
from modelwise.webui.settings_page import USES_OPTION
from tests.support.hosts import ANIMAGINE, FakeHost


@pytest.fixture
def host(tmp_path: Path) -> FakeHost:
    found = FakeHost(tmp_path)
    found.current = ANIMAGINE
    return found


def test_the_words_of_the_checkpoint_or_of_the_choice(host: FakeHost) -> None:
    engine = Engine(host)
    assert completion_words(engine).profile == "animagine-xl-4.0-opt"
    assert completion_words(engine, "Auto").profile == "animagine-xl-4.0-opt"
    assert completion_words(engine, "pony-v6-xl").profile == "pony-v6-xl"
    with pytest.raises(WrongChoice, match="profile: found 'nobody'"):
        completion_words(engine, "nobody")


def test_names_are_those_of_the_moment(host: FakeHost) -> None:
    engine = Engine(host)
    assert completion_words(engine).networks == {"lora": (), "lyco": (), "hypernet": ()}
    host.called = {"lora": ["b", "A", "b"], "embedding": ["e"], "wildcard": ["hair/color"]}
    host.own_styles = [StyleTexts("Night", "night", "")]
    found = completion_words(engine)
    assert found.networks["lora"] == ("A", "b")
    assert (found.embeddings, found.wildcards) == (("e",), ("hair/color",))
    assert found.styles == (StyleTexts("Night", "night", ""),)


def test_names_that_can_not_be_written_are_left_out(host: FakeHost) -> None:
    odd = ["a (b)", "a,b", "a:b", "a>b", "水彩", "x\ny", " "]
    host.called = {"lora": odd, "wildcard": odd, "embedding": odd}
    found = completion_words(Engine(host))
    assert set(found.networks["lora"]) == {"a (b)", "a,b", "水彩"}
    assert set(found.wildcards) == {"a (b)", "a:b", "水彩"}
    assert set(found.embeddings) == {"a (b)", "a,b", "a:b", "a>b", "水彩"}


def test_uses_go_along_where_they_are_counted(host: FakeHost) -> None:
    engine = Engine(host)
    engine.uses.add("smile")
    found = completion_words(engine)
    assert (found.uses, found.remembers) == ({"smile": 1}, True)


def test_nothing_is_counted_where_the_user_or_the_host_is_against_it(host: FakeHost) -> None:
    engine = Engine(host)
    engine.uses.add("smile")
    host.options[USES_OPTION] = False
    assert not remembers(host)
    assert completion_words(engine).uses == {}
    host.options[USES_OPTION], host.shared = True, True
    assert not remembers(host)
    assert completion_words(engine).uses == {}


def test_a_spoilt_file_of_uses_costs_the_uses_alone(host: FakeHost, caplog: pytest.LogCaptureFixture) -> None:
    (host.data_folder() / "uses.json").write_text("{", encoding="utf-8")
    with caplog.at_level(logging.WARNING, "modelwise"):
        assert completion_words(Engine(host)).uses == {}
    assert "uses.json" in caplog.text


def test_it_goes_out_as_json(host: FakeHost) -> None:
    host.called = {"lora": ["水彩"]}
    sent = msgspec.json.decode(msgspec.json.encode(completion_words(Engine(host))))
    assert sent["networks"]["lora"] == ["水彩"]
    assert sent["spelling"]["underscores"] == "spaces"
    assert {"tag", "slot", "low", "says"} == set(sent["specials"][0])
