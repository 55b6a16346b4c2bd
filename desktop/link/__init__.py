"""The ways in and out: the equipment registry over HTTP and the live feed."""
