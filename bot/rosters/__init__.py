"""Rosters: who is on shift when, as a roster system exports it."""
