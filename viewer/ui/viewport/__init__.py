"""The places images hang in: painting, loading, and the hand on the image."""
