"""The main window and its panels: everything around the map."""
