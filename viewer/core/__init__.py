"""What is true without files, peers and screens."""
