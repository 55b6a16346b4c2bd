"""One file per layer; dropping a file here adds the layer everywhere."""
