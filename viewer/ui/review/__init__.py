"""Looking through images for names before they leave."""
