"""The tables and queries of subscriber lists; is handed a connection and never commits."""
