"""The SQL view of the Annotations page: a guarded console, its answers as table, chart and map."""
