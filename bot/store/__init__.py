"""The bot's own database: links, punches, conversations, the inbox. Plain functions over a connection."""
