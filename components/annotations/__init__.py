"""The Annotations page: the texts of BigEarthNet.txt found, read on their patch, counted, checked and queried."""
