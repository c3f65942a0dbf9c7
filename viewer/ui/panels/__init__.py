"""What stands around the images: thumbnails, inspector, patient and tools."""
