"""The bot's HTTP entrance: Telegram's webhook, health, metrics."""
