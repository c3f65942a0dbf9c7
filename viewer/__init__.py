"""Lightbox, a radiology workstation."""
