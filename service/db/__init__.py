"""Tables and SQL, one file for each capability."""
