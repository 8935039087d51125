"""What the service is measured against: each does the same reading, behind the same walls, its own way."""
