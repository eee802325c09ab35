"""The Charts view: the numbers of the selection as pictures, each of which filters when clicked."""
