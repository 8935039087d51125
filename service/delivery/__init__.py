"""What happened reaches those who may know of it: the hub that wakes whoever waits for news, and webhooks."""
