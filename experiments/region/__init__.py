"""Builds the tables of the region under ``conf/region`` from packages and cited figures. Users never run it."""
