"""The rows of BigEarthNet.txt: reading, searching and filtering nine million annotations."""
