"""Take whoever an object is about out of it, and keep what it shows."""
