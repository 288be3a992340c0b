"""The outbox at work: lanes are drained at their pace, and what became of each message is remembered."""
