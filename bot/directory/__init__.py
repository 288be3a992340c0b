"""Directories: where people come from."""
