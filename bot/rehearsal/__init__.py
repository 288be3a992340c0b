"""The dry run: a flow is played to its close on a copy of the organisation, with made-up answers, and told about."""
