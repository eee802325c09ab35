"""The samples that the filter leaves: as a gallery, as a table, and the selected one as a card."""
