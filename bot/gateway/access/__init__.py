"""Who may come in: passwords, tokens, the limits on guessing."""
