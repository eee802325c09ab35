"""Sentences that the benchmark's questions are cut from, in our own words, each frame with each place it may speak of.

The published texts repeat a limited number of templates over classes, numbers and options; so do these.
"""

from collections.abc import Sequence
from itertools import product

from data_access.bigearthnet.classes import CLASSES
from demo.bigearthnet.text.wording import ClassWords, capitalised, words_of

_SCENES = (
    "in this image",
    "in the picture",
    "in this satellite scene",
    "here",
    "within the frame",
    "on this patch",
    "in the area shown",
    "anywhere in view",
)
_PRESENCE = (
    "Could {name} be found {scene}?",
    "Has {name} been mapped {scene}?",
    "{Does} {name} turn up {scene}?",
    "Would a land cover map hold {name} {scene}?",
    "Is any of the ground {scene} taken by {name}?",
    "Is it fair to claim that {name} can be seen {scene}?",
)
_ADJACENCY = (
    "Do {first} and {second} run along each other {scene}?",
    "Can one walk from {first} to {second} without crossing a third class {scene}?",
    "Do edges of {first} coincide with edges of {second} {scene}?",
    "Is there {first} with {second} on its far side {scene}?",
    "Are {first} and {second} neighbours {scene}?",
    "Would a line between {first} and {second} be needed {scene}?",
)
_AREA = (
    "{Does} {name} take {claim} {scene}?",
    "{Does} {name} spread over {claim} {scene}?",
    "Summed up, {is_} {name} {claim} {scene}?",
    "Is {claim} what {name} would measure {scene}?",
)
_COUNT = (
    "{Does} {name} form {claim} {scene}?",
    "Do the parts of {name} add up to {claim} {scene}?",
    "Could you point at {claim} of {name} {scene}?",
    "{Is} {name} broken into {claim} {scene}?",
)
_POINT = (
    "Frame the land cover region that holds <point>({place})</point> {scene}.",
    "Which box fits the area around <point>({place})</point> {scene}?",
    "Mark the outline box of what lies at <point>({place})</point> {scene}.",
    "Give the corners of the region under <point>({place})</point> {scene}.",
)
_REFERENCE = (
    "Draw a box around {article} <ref>{phrase}</ref> {scene}.",
    "Give the corners of {article} <ref>{phrase}</ref> {scene}.",
    "What box holds {article} <ref>{phrase}</ref> {scene}?",
    "Show where {article} <ref>{phrase}</ref> lies {scene}.",
)
_LEADS = ("{}", "Of the four options, take the right one: {}", "Only one answer holds. {}", "Decide for one: {}")
_WHICH_PAIR = (
    "Two of these meet {scene}; which?",
    "Name the neighbours {scene}:",
    "Which two lie side by side {scene}?",
)
_WHICH_CLASS = ("One of these occurs {scene}; which?", "Name what exists {scene}:", "What can be found {scene}?")
_WHICH_COUNTRY = ("Whose land lies {scene}?", "Name the state {scene}:", "Which country do we look at {scene}?")
_WHICH_SEASON = ("What time of the year is it {scene}?", "Name the season {scene}:", "When was it so {scene}?")
_WHICH_CLIMATE = (
    "What climate reigns {scene}?",
    "Name the climate {scene}:",
    "Which climate zone is found {scene}?",
)
_HOW_LARGE = ("What surface has {name} {scene}?", "Give the extent of {name} {scene}:", "How much is {name} {scene}?")
_HOW_MANY = ("Into how many parts is {name} split {scene}?", "Count the pieces of {name} {scene}:")
_WHERE = ("Seen from {first}, where lies {second} {scene}?", "Tell the way from {first} to {second} {scene}:")

Frames = tuple[str, ...]
WORDS: tuple[ClassWords, ...] = tuple(words_of(number) for number in range(1, len(CLASSES) + 1))


def _placed(frames: Sequence[str]) -> Frames:
    return tuple(frame.replace("{scene}", scene) for frame, scene in product(frames, _SCENES))


def _per_class(frames: Sequence[str]) -> tuple[Frames, ...]:
    """Per class, every frame with its name and verbs filled in; a claim stays open as %s."""
    return tuple(
        tuple(
            frame.format(
                name=words.name, is_=words.is_, Is=capitalised(words.is_), Does=capitalised(words.does), claim="%s"
            )
            for frame in _placed(frames)
        )
        for words in WORDS
    )


PRESENCE, AREA, COUNT = _per_class(_PRESENCE), _per_class(_AREA), _per_class(_COUNT)
HOW_LARGE, HOW_MANY = _per_class(_HOW_LARGE), _per_class(_HOW_MANY)
ADJACENCY, WHERE = (
    tuple(frame.format(first="%s", second="%s") for frame in _placed(frames)) for frames in (_ADJACENCY, _WHERE)
)
POINT = tuple(frame.format(place="%s") for frame in _placed(_POINT))
REFERENCE = tuple(frame.format(article="%s", phrase="%s") for frame in _placed(_REFERENCE))
WHICH_PAIR, WHICH_CLASS, WHICH_COUNTRY, WHICH_SEASON, WHICH_CLIMATE = (
    tuple(lead.format(frame) for lead, frame in product(_LEADS, _placed(frames)))
    for frames in (_WHICH_PAIR, _WHICH_CLASS, _WHICH_COUNTRY, _WHICH_SEASON, _WHICH_CLIMATE)
)
