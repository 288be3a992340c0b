"""What is asked, of whom, when, and what may be shown: pure, without database, network or clock."""
