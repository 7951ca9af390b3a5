"""A local Telegram: a strict, stateful stand-in for the Bot API, the people who write to the bot, and a chat page.

Stand-alone: nothing here knows what the bot is for. `server.Playground` is the whole world in memory,
`server.build_playground` its HTTP entrance, `server.running` serves it on loopback.
"""
