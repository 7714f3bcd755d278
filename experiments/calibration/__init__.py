"""Calibration: from events that were recorded to draws of parameters that every experiment can run with."""
