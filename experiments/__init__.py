"""Experiments: settings, ensembles of replicates, their store, tables and figures."""
