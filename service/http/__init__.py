"""The graph over HTTP: the view, the headers around it, health, the front page, the logs."""
