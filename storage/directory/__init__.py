"""The organisation as a directory tells it, compared with what is kept, and stored."""
