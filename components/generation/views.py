"""The five views of the page behind one switch: what each is called, and who draws it."""

from collections.abc import Callable

from components.compare import OpenedSample
from components.generation.embeddings.view import show_embeddings
from components.generation.generate_view import show_generate
from components.generation.matrix.view import show_matrix
from components.generation.page_state import at_view, change, current
from components.generation.reconstruction.view import show_reconstruction
from components.generation.state import GenerateState, View
from components.generation.thinking.view import show_thinking
from components.view_switch import show_view_switch

_LABELS: dict[View, str] = {
    "generate": ":material/brush: Generate",
    "matrix": ":material/apps: Any to any",
    "embeddings": ":material/blur_on: Embeddings",
    "reconstruction": ":material/compress: Tokenizer",
    "thinking": ":material/psychology: Thinking",
}


def show_switch(state: GenerateState) -> None:
    """The switch; the view is part of the address."""
    show_view_switch(_LABELS, state.view, key="generate_view", take=_take_view)


def show_view(state: GenerateState, opened: OpenedSample) -> None:
    """Whatever the switch says."""
    _SHOW[state.view](state, opened)


def _take_view(name: View) -> None:
    change(at_view(current(), name))


_SHOW: dict[View, Callable[[GenerateState, OpenedSample], None]] = {
    "generate": show_generate,
    "embeddings": show_embeddings,
    "reconstruction": show_reconstruction,
    "thinking": show_thinking,
    "matrix": show_matrix,
}
