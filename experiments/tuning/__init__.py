"""Tuning: how facts hang on parameters, and the sparse change of defaults that would bring most of them into band."""
