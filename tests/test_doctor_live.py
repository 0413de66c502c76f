"""Position ids in a loaded model: found, checked, put right in memory, and put back."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from modelwise.doctor import live

torch: Any = pytest.importorskip("torch", reason="needs torch, which every WebUI brings")

NAME = "cond_stage_model.wrapped.transformer.text_model.embeddings.position_ids"
EXACT = list(range(77))


def damaged() -> list[int]:
    return [*range(41), 40, *range(42, 77)]


def module(**children: Any) -> Any:
    made = torch.nn.Module()
    for name, child in children.items():
        made.add_module(name, child)
    return made


def embeddings(ids: Any) -> Any:
    made = torch.nn.Module()
    made.register_buffer("position_ids", ids)
    made.position_embedding = torch.nn.Embedding(77, 4)
    return made


def model(ids: Any) -> Any:
    """A model with its text encoder where the WebUI has it."""
    text = module(text_model=module(embeddings=embeddings(ids)))
    return module(cond_stage_model=module(wrapped=module(transformer=text)), other=torch.nn.Linear(2, 2))


def ids_of(loaded: Any) -> Any:
    return loaded.cond_stage_model.wrapped.transformer.text_model.embeddings.position_ids


def values(loaded: Any) -> list[float]:
    found: list[float] = ids_of(loaded).flatten().tolist()
    return found


def test_what_is_right_is_left_alone() -> None:
    loaded = model(torch.arange(77).expand((1, -1)))
    before = ids_of(loaded)
    assert [ids.name for ids in live.find(loaded)] == [NAME]
    assert live.check(loaded) == ()
    assert live.repair(loaded) == ()
    assert ids_of(loaded) is before


def test_damage_is_found_put_right_and_put_back() -> None:
    loaded = model(torch.tensor([damaged()]))
    (finding,) = live.check(loaded)
    assert finding.found == "position_ids is wrong in 1 of 77 places: 40 at place 41"
    assert finding.tensors == (NAME,)
    repairs = live.repair(loaded)
    assert str(repairs[0]) == f"{NAME}: 1 of 77 places put right, in memory"
    assert values(loaded) == EXACT
    assert ids_of(loaded).shape == (1, 77)
    assert live.check(loaded) == () == live.repair(loaded)
    assert "position_ids" in dict(ids_of_owner(loaded).named_buffers())
    assert live.undo(repairs) == (NAME,)
    assert values(loaded) == damaged()
    assert live.undo(repairs) == ()


def ids_of_owner(loaded: Any) -> Any:
    return loaded.cond_stage_model.wrapped.transformer.text_model.embeddings


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "int32"])
def test_ids_of_another_type_become_whole_numbers_that_the_embedding_takes(dtype: str) -> None:
    loaded = model(torch.arange(77).unsqueeze(0).to(getattr(torch, dtype)))
    (repair,) = live.repair(loaded)
    assert repair.changed == 0
    assert ids_of(loaded).dtype == torch.int64
    assert ids_of_owner(loaded).position_embedding(ids_of(loaded)).shape == (1, 77, 4)
    live.undo((repair,))
    assert ids_of(loaded).dtype == getattr(torch, dtype)


def test_numbers_that_are_none_are_put_right() -> None:
    loaded = model(torch.full((1, 77), float("nan"), dtype=torch.float16))
    assert live.check(loaded)[0].severity == "problem"
    (repair,) = live.repair(loaded)
    assert repair.changed == 77
    assert values(loaded) == EXACT


def test_both_encoders_and_each_only_once() -> None:
    shared = embeddings(torch.tensor([damaged()]))
    second = embeddings(torch.arange(77).unsqueeze(0))
    loaded = module(a=module(embeddings=shared), b=module(embeddings=second), c=module(embeddings=shared))
    assert [ids.name for ids in live.find(loaded)] == [
        "a.embeddings.position_ids",
        "b.embeddings.position_ids",
    ]
    assert [each.name for each in live.repair(loaded)] == ["a.embeddings.position_ids"]


def test_another_length_or_place_is_none_of_ours() -> None:
    vision = embeddings(torch.arange(50).unsqueeze(0))
    loaded = module(embeddings=vision, roberta=embeddings(torch.tensor([damaged()])))
    assert live.repair(loaded) == ()
    assert "50 places where 77 belong" in live.check(loaded)[0].found


def test_what_is_not_in_memory_is_left_alone() -> None:
    loaded = model(torch.tensor([damaged()]).to("meta"))
    assert [ids.values for ids in live.find(loaded)] == [None]
    assert live.check(loaded) == () == live.repair(loaded)


def test_the_ids_of_a_checkpoint_that_was_loaded_since_stay() -> None:
    loaded = model(torch.tensor([damaged()]))
    repairs = live.repair(loaded)
    loaded.load_state_dict({NAME: torch.arange(77).unsqueeze(0)}, strict=False)
    assert live.undo(repairs) == ()
    assert values(loaded) == EXACT


def test_a_model_that_has_moved_since_is_put_back() -> None:
    loaded = model(torch.tensor([damaged()]))
    repairs = live.repair(loaded)
    ids_of_owner(loaded).position_ids = ids_of(loaded).clone()  # what moving to another device does
    assert live.undo(repairs) == (NAME,)
    assert values(loaded) == damaged()


def test_a_repair_keeps_no_model_alive() -> None:
    loaded = model(torch.tensor([damaged()]))
    seen = weakref.ref(loaded.other)
    owner = weakref.ref(ids_of_owner(loaded))
    repairs = live.repair(loaded)
    del loaded
    gc.collect()
    assert seen() is None is owner()
    assert live.undo(repairs) == ()


def test_a_repaired_model_reads_every_place() -> None:
    """What the damage does, and that the repair ends it: place 41 is read as place 40 before."""
    loaded = model(torch.tensor([damaged()]))
    owner = ids_of_owner(loaded)
    before = owner.position_embedding(owner.position_ids)[0]
    assert torch.equal(before[41], before[40])
    live.repair(loaded)
    after = owner.position_embedding(owner.position_ids)[0]
    assert torch.equal(after, owner.position_embedding.weight)
