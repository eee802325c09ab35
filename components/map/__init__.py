"""The map component: density tiles, points and chips in place, on the deck.gl runtime inside pydeck."""
