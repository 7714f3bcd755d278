"""Evidence: recorded events in, baselines and forecasts scored on them."""
