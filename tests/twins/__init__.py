"""Plain twins of the compiled processes: slow, written from the sentences and equations, for tests alone."""
