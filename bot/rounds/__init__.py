"""A round of a flow, from opening to what came of it: who is asked, when, what is promised, and its end."""
