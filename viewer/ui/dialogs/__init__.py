"""The questions the program asks."""
