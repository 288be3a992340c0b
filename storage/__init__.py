"""What is kept: the tables, the questions asked of them, the writer and the keys."""
