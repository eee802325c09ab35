"""Taking a selection along: a button on the map's page, and behind it files to download and code to copy."""
