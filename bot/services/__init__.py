"""Use cases, one per feature. Chat, web, jobs and the command line all enter here; each call says who is asking."""
