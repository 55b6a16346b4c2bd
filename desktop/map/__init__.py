"""The live map: its view, its basemap, its symbols."""
