"""The benchmark: this service beside its peers, on one database, with one viewer behind the same walls (issue 3)."""
