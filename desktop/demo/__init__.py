"""The demo metropolis: a generated city, its registry and its simulated equipment."""
