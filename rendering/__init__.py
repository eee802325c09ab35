"""Arrays to pictures: pure functions over numpy, no I/O, no Streamlit, no HTTP."""
