"""Where data comes from: settings, the filter, the catalogue, the point index and the readers of both data sets."""
