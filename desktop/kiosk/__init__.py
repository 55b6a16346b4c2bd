"""The wall: scenes shown in turn, without hands."""
