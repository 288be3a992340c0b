"""Polls of resource groups: a flow made from a form, foreseen before it is sent, opened as any other run."""
