"""The local library of studies."""
