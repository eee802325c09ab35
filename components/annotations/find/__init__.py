"""The Find view of the Annotations page: results as rows or as patches, beside the map."""
