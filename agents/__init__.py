"""Who decides: organisations, armed groups, state and international forces, communities."""
