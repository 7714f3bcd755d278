"""Configuration and data that ship with the project: region, order of battle, chapters, scenarios."""
