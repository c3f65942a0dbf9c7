"""What a user can do, as data."""
