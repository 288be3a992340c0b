"""Settings, read once from the environment and the settings file."""
