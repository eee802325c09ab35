"""Reading BigEarthNet v2 imagery and the annotations of BigEarthNet.txt."""
