"""A generated Dijon: streets, blocks, equipment and operations, the same for the same seed."""
