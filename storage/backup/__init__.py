"""A database carried elsewhere: into a backup, out of it, or into another database."""
