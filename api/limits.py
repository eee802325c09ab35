"""How much one request, or all of them together, may ask of the server; each limit with its reason."""

MAX_QUERY_BYTES = 32 * 1024  # a lasso of a thousand vertices fits; the server's own line limit is 64 KiB
MAX_PATH_BYTES = 1024  # twice the longest honest path: two ids and a preset

DEFAULT_ROWS = 100  # one screen of the table and its gallery
MAX_ROWS = 5_000  # 5,000 rows of JSON are 2 MB; larger selections go page by page
DEFAULT_POINTS = 20_000  # what a phone draws without a pause
MAX_POINTS = 500_000  # all 464,044 annotated patches in one answer, 30 MB as columns
MAX_FOOTPRINTS = 64  # chips that are drawn in place at once; each costs one look at its file
MAX_ZOOM = 24  # a cell of 4 cm; deeper tiles hold nothing new and overflow the curve's 32 bits

CHIP_THREADS = 4  # decoding and encoding release the GIL; more threads only add switching on small machines
FAR_THREADS = 16  # for collections behind HTTP: these wait for servers; as many as one host is asked by at once
CHIP_QUEUE = 256  # waiting pictures and arrays; a browser asks for six at once, so over forty people fit
QUERY_THREADS = 8  # DuckDB brings its own threads; these only wait for it, or fill tiles
QUERY_QUEUE = 512  # tiles come in swarms of 20 to 40 per move of the map
SEARCH_THREADS = 4  # a search for words takes all processors for half a second; what is quick does not wait behind it
EXPORT_THREADS = 2  # one writes while the other's answer is on its way; tables are written without the GIL
EXPORT_QUEUE = 6  # with the threads, exports under way at once: each holds up to 50 MB and a cursor of the database
PLAYERS = 4  # shards played at once: each reads as fast as its source gives, and decodes all it reads
FOLLOWERS = 256  # streams of a run's events: several tabs of twenty sessions, and an end to what leaks
HEARTBEAT_S = 10.0  # between signs of life while a slow source keeps a player waiting; proxies cut after 30 to 60
SLOWEST_PACE, FASTEST_PACE = 0.5, 100.0  # samples per second; slower is a pause, faster than any decoder
RETRY_AFTER_S = 1  # a full queue drains in about that time

# TerraMesh's reader may hold the same arrays in its own cache: shared, not copied. BigEarthNet's reader has none.
ARRAY_CACHE_BYTES = 96 * 1024**2  # a Compare page's eight modalities are 5 MB; picture, values and legend share them
PICTURE_CACHE_BYTES = 64 * 1024**2  # about a thousand chips of 60 kB
TILE_CACHE_BYTES = 16 * 1024**2  # about four thousand tiles of 4 kB

OPENING_WAIT_S = 20.0  # a request waits that long for its data set before it is told to come back
OPENING_RETRY_S = 3  # building tables of millions of rows takes tens of seconds

IMMUTABLE_MAX_AGE_S = 7 * 24 * 3600  # the URL names the revision; a week survives an upgrade that renders differently
SHORT_MAX_AGE_S = 60  # without a revision in the URL the bytes may change under it
