"""A generated Dijon: streets, blocks, equipment and operations, the same for the same seed."""

from desktop.demo.city.build import build_city
from desktop.demo.city.model import City, RoadGraph, Route, load_network, save_network

__all__ = ["City", "RoadGraph", "Route", "build_city", "load_network", "save_network"]
