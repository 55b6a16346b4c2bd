"""What is kept on disk: the cache, unsent work, and the basemap package."""
