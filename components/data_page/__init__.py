"""The parts of the Data page: collections and how complete they are, work under way, jobs, cache, connecting."""
