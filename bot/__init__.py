"""The shell: meets people, the clock and the network."""
