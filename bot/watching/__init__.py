"""Being watched: for whoever runs the house. Nothing here tells who or how many answered."""
