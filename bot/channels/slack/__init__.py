"""The Slack channel: cards as blocks, modals and a home page there; what people do there as interactions."""
