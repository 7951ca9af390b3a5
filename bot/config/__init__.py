"""Every option: type, default, meaning; the only reader of the environment."""

from bot.config.checks import Address
from bot.config.loading import BadSettings, load_part, load_settings
from bot.config.options import Option, ServerSettings, Settings, StorageSettings, list_options

__all__ = [
    "Address",
    "BadSettings",
    "Option",
    "ServerSettings",
    "Settings",
    "StorageSettings",
    "list_options",
    "load_part",
    "load_settings",
]
