"""Work on a whole collection, past what one request may take: offsets, statistics and thumbnails, on Dask."""
