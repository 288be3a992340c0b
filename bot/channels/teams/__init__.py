"""The Teams channel: cards as Adaptive Cards in the personal chat; what people do there as interactions."""
