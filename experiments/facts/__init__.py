"""Facts: known patterns and reported control as data, and what the records of a run say to each."""
