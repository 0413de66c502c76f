"""What is kept on a job: there for that very job, and in no one's way who copies it or sends it."""

from __future__ import annotations

import copy
import json
from threading import Lock
from types import ModuleType, SimpleNamespace
from weakref import ref


class Job(SimpleNamespace):
    """Can be referred to weakly, as the program's jobs can."""


def test_kept_for_the_job_and_not_for_its_copy(adapter: ModuleType) -> None:
    job, content = Job(prompt="smile"), object()
    assert adapter.kept(job) is None
    adapter.keep(job, content)
    assert adapter.kept(job) is content
    again = copy.copy(job)
    assert adapter.kept(again) is None
    adapter.keep(again, 5)
    assert (adapter.kept(job), adapter.kept(again)) == (content, 5)


def test_all_that_is_on_a_job_can_be_copied_and_sent(adapter: ModuleType) -> None:
    job = Job(prompt="smile")
    adapter.keep(job, Lock())  # can be neither copied nor sent
    assert set(json.loads(json.dumps(vars(job))).values()) == {"smile", ""}
    copied = copy.deepcopy(vars(job))
    assert set(copied.values()) == {"smile", ""}
    assert adapter.kept(Job(**copied)) is None


def test_a_job_is_not_kept_alive(adapter: ModuleType) -> None:
    job = Job(prompt="smile")
    adapter.keep(job, object())
    gone = ref(job)
    del job  # counted down to nothing: no cycle waits for the collector
    assert gone() is None
