"""The HTTP API below /api: requests in, bytes out. Knows HTTP; knows nothing of Streamlit or of files."""
