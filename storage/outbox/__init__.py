"""What leaves, as rows: planned, claimed by a lane, sent, paused, and looked at."""
