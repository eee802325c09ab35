"""Reading BigEarthNet v2 imagery, and its patches as a data set."""
