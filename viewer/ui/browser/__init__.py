"""The Studies page: what the catalog holds, found and opened."""
