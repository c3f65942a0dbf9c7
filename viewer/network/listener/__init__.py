"""The side of an association that waits: what peers send to us, or ask of us."""
