"""What is done with the city's data: syncing it, holding the picture, following what changes."""
