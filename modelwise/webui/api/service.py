"""What each route does, with the engine alone: typed requests in, typed answers out.

Every method raises Refusal for what it can't answer, and UserFileError for what stands in the user's files.
No answer holds a folder.
"""

from __future__ import annotations

import msgspec

from modelwise.compile import Request
from modelwise.completion_cache import Completion
from modelwise.detect import Detection
from modelwise.formatting import formatted
from modelwise.own_presets import OwnPreset, demand_own
from modelwise.profiles import Preset, Profile
from modelwise.tag_fetch import DANBOORU
from modelwise.translate import Translated, translated
from modelwise.webui.api.messages import (
    Asked,
    Compiled,
    CompletionQuery,
    Detected,
    DetectQuery,
    Explained,
    FormatRequest,
    Formatted,
    ListedPreset,
    NewPreset,
    PresetChange,
    PresetDeletion,
    PresetList,
    PresetsQuery,
    ProfileList,
    ProfileQuery,
    ProfileSummary,
    TagListStatus,
    TranslateRequest,
    Use,
    UseCounts,
    VocabularyStatus,
)
from modelwise.webui.api.refusals import Refusal, refused, wrong_field
from modelwise.webui.checkpoint_examinations import CheckpointExaminations
from modelwise.webui.checkpoint_scan import CheckpointScan
from modelwise.webui.choices import AUTO, WrongChoice
from modelwise.webui.completion_words import CompletionWords, completion_words, remembers
from modelwise.webui.engine import Engine
from modelwise.webui.model_doctor import ModelDoctor
from modelwise.webui.preview import Preview, PreviewRequest, preview
from modelwise.webui.scorer_fetch import ScorerFetch
from modelwise.webui.tag_list_fetch import TagListFetch

_OF_CHECKPOINT = ("", AUTO)


class Service:
    """The answers of one engine. `tags_address`: where the full tag list is fetched; `scorers_place`: where
    scorers are, in place of where their makers have them."""

    def __init__(
        self, engine: Engine, tags_address: str = DANBOORU, scorers_place: str | None = None
    ) -> None:
        self.engine = engine
        self.checkpoint_scan = CheckpointScan(engine)
        self.examinations = CheckpointExaminations(engine)
        self.model_doctor = ModelDoctor(engine.host)
        self.tag_list_fetch = TagListFetch(engine, tags_address)
        self.scorer_fetch = ScorerFetch(engine, scorers_place)

    def compile(self, asked: Request) -> Compiled:
        """What the sampler should get."""
        profile, asked = self._meant(asked)
        result = self.engine.compiler(profile.id).compile(asked)
        return Compiled(**msgspec.structs.asdict(result), profile=profile.id)

    def explain(self, asked: Request) -> Explained:
        """The same with the reasons for every piece."""
        profile, asked = self._meant(asked)
        found = self.engine.explainer(profile.id).explain(asked)
        return Explained(**msgspec.structs.asdict(found), profile=profile.id)

    def preview(self, asked: PreviewRequest) -> Preview:
        """What Generate would do with a page."""
        with self.engine.timings.measured("preview"):
            return preview(self.engine, asked)

    def _meant(self, asked: Request) -> tuple[Profile, Request]:
        """Whose words are asked for. A distilled checkpoint keeps its own steps and CFG."""
        profile = self.named(asked.profile)
        if asked.profile in _OF_CHECKPOINT and self.detection().distilled:
            asked = msgspec.structs.replace(asked, distilled=True)
        return profile, asked

    def format(self, asked: FormatRequest) -> Formatted:
        """The prompt in the model's order and spelling."""
        profile = self.named(asked.profile)
        result = formatted(self.engine.compiler(profile.id), asked.prompt)
        return Formatted(result.prompt, result.report, profile.id)

    def translate(self, asked: TranslateRequest) -> Translated:
        """Both texts in another model's words."""
        source = None if asked.source in _OF_CHECKPOINT else self.named(asked.source, "from")
        target = self.engine.compiler(self.named(asked.target, "to").id)
        return translated(
            asked.prompt, asked.negative, source, target, self.engine.profiles, self.engine.compiler
        )

    def profiles(self, _asked: Asked) -> ProfileList:
        """All profiles in short."""
        found = self.engine.profile_set
        return ProfileList(tuple(map(self._summary, found.profiles.values())), found.problems)

    def profile(self, asked: ProfileQuery) -> Profile:
        """One profile, whole."""
        if asked.profile not in self.engine.profiles:
            raise Refusal(404, self._unknown("profile", asked.profile).problem)
        return self.engine.profiles[asked.profile]

    def presets(self, asked: PresetsQuery) -> PresetList:
        """A profile's presets."""
        profile = self.named(asked.profile)
        own = self.engine.own_presets
        listed = [*map(_listed, profile.presets), *map(_listed, own.of(profile.id))]
        return PresetList(profile.id, own.version(profile.id), tuple(listed))

    def create_preset(self, asked: NewPreset) -> PresetList:
        """Add an own preset at the end."""
        profile = self.named(asked.profile)
        demand_own(profile, asked.preset.name)
        self.engine.own_presets.insert(profile.id, asked.preset, version=asked.version)
        return self.presets(PresetsQuery(profile=profile.id))

    def change_preset(self, asked: PresetChange) -> PresetList:
        """Rename an own preset, give it other values, put it at another place."""
        profile = self.named(asked.profile)
        if asked.preset is not None:
            demand_own(profile, asked.preset.name)
        own = self.engine.own_presets
        own.replace(profile.id, asked.name, asked.preset, asked.place, version=asked.version)
        return self.presets(PresetsQuery(profile=profile.id))

    def delete_preset(self, asked: PresetDeletion) -> PresetList:
        """Take an own preset out."""
        profile = self.named(asked.profile)
        self.engine.own_presets.delete(profile.id, asked.name, version=asked.version)
        return self.presets(PresetsQuery(profile=profile.id))

    def detect(self, asked: DetectQuery) -> Detected:
        """The profile of a checkpoint and why."""
        facts = self.engine.host.current_checkpoint()
        if asked.checkpoint:
            facts = self.engine.host.checkpoint(asked.checkpoint)
            if facts is None:
                allowed = "the name of a checkpoint in the host's list"
                problem = wrong_field("checkpoint", repr(asked.checkpoint[:80]), allowed).problem
                raise Refusal(404, problem)
        found = self.engine.detect(facts)
        return Detected(
            facts.file.name if facts else "",
            found.profile,
            self.engine.profiles[found.profile].name,
            found.family,
            found.architecture,
            found.rule,
            found.reason,
            found.suggestion,
            found.distilled,
            found.prediction,
        )

    def vocabulary(self, _asked: Asked) -> VocabularyStatus:
        """The tag lists that are loaded."""
        found = self.engine.vocabulary
        lists = (
            TagListStatus(each.name, each.rows, each.problem_count, each.conflicts) for each in found.sources
        )
        return VocabularyStatus(len(found), tuple(lists))

    def words(self, asked: CompletionQuery) -> CompletionWords:
        """What a page completes beside the tag lists."""
        try:
            return completion_words(self.engine, asked.profile)
        except WrongChoice:
            raise self._unknown("profile", asked.profile) from None

    def index(self) -> Completion:
        """The index of all tags that a page searches."""
        return self.engine.completion_index()

    def count_use(self, asked: Use) -> UseCounts:
        """Count a use, where that is wanted."""
        if not remembers(self.engine.host):
            raise refused(403, "nothing is counted here: it is switched off, or others can reach this host")
        self.engine.uses.add(asked.name)
        return UseCounts({asked.name: self.engine.uses.all()[asked.name]})

    def forget_uses(self, _asked: Asked) -> UseCounts:
        """Forget all uses."""
        self.engine.uses.clear()
        return UseCounts(self.engine.uses.all())

    def detection(self) -> Detection:
        """The profile of the chosen checkpoint, and why."""
        return self.engine.detect(self.engine.host.current_checkpoint())

    def named(self, name: str, field: str = "profile") -> Profile:
        """The profile of an id, or that of the checkpoint that is chosen."""
        found = self.detection().profile if name in _OF_CHECKPOINT else name
        if found not in self.engine.profiles:
            raise self._unknown(field, name)
        return self.engine.profiles[found]

    def _unknown(self, field: str, name: str) -> Refusal:
        return wrong_field(field, repr(name[:80]), ", ".join([AUTO, *self.engine.profiles]))

    def _summary(self, profile: Profile) -> ProfileSummary:
        presets = self.engine.presets(profile)
        return ProfileSummary(
            profile.id,
            profile.name,
            profile.version,
            profile.family,
            profile.architecture,
            profile.generic,
            tuple(profile.inject.quality),
            tuple(preset.name for preset in presets),
        )


def _listed(preset: Preset | OwnPreset) -> ListedPreset:
    own = isinstance(preset, OwnPreset)
    return ListedPreset(
        name=preset.name,
        quality=preset.quality,
        rating=preset.rating,
        year=preset.year,
        settings=preset.settings,
        own=own,
    )
