"""Pictures of a run folder. Each function returns a Matplotlib figure; nothing touches pyplot's state."""
