"""The methods of the Bot API, one module per kind of thing they do; `METHODS` is the list of all that are served."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.playground import requests
from bot.playground.call import Context
from bot.playground.markup import Strict
from bot.playground.methods import delivery, editing, sending, settings, small

P = TypeVar("P", bound=Strict)


@dataclass(frozen=True)
class Method:
    """A method's name as documented, the model of its parameters, and what carries it out."""

    name: str
    params: type[Strict]
    run: Callable[[Context, Any], Awaitable[Any]]


def _method(name: str, params: type[P], run: Callable[[Context, P], Awaitable[Any]]) -> Method:
    return Method(name, params, run)


_ALL = (
    _method("getMe", requests.NoParameters, small.get_me),
    _method("logOut", requests.NoParameters, small.accept),
    _method("close", requests.NoParameters, small.accept),
    _method("getUpdates", requests.GetUpdates, delivery.get_updates),
    _method("setWebhook", requests.SetWebhook, delivery.set_webhook),
    _method("deleteWebhook", requests.DeleteWebhook, delivery.delete_webhook),
    _method("getWebhookInfo", requests.NoParameters, delivery.get_webhook_info),
    _method("sendMessage", requests.SendMessage, sending.send_message),
    _method("sendPhoto", requests.SendPhoto, sending.send_photo),
    _method("sendDocument", requests.SendDocument, sending.send_document),
    _method("sendLocation", requests.SendLocation, sending.send_location),
    _method("editMessageText", requests.EditMessageText, editing.edit_message_text),
    _method("editMessageCaption", requests.EditMessageCaption, editing.edit_message_caption),
    _method("editMessageMedia", requests.EditMessageMedia, editing.edit_message_media),
    _method("editMessageReplyMarkup", requests.EditMessageReplyMarkup, editing.edit_message_reply_markup),
    _method("deleteMessage", requests.DeleteMessage, editing.delete_message),
    _method("deleteMessages", requests.DeleteMessages, editing.delete_messages),
    _method("setMessageReaction", requests.SetMessageReaction, editing.set_message_reaction),
    _method("pinChatMessage", requests.PinChatMessage, editing.pin_chat_message),
    _method("unpinChatMessage", requests.UnpinChatMessage, editing.unpin_chat_message),
    _method("answerCallbackQuery", requests.AnswerCallbackQuery, small.answer_callback_query),
    _method("sendChatAction", requests.SendChatAction, small.send_chat_action),
    _method("getFile", requests.GetFile, small.get_file),
    _method("getChat", requests.GetChat, small.get_chat),
    _method("getChatMember", requests.GetChatMember, small.get_chat_member),
    _method("setMyCommands", requests.SetMyCommands, settings.set_my_commands),
    _method("getMyCommands", requests.CommandsOf, settings.get_my_commands),
    _method("deleteMyCommands", requests.CommandsOf, settings.delete_my_commands),
    _method("setMyName", requests.SetMyName, settings.set_my_name),
    _method("getMyName", requests.InLanguage, settings.get_my_name),
    _method("setMyDescription", requests.SetMyDescription, settings.set_my_description),
    _method("getMyDescription", requests.InLanguage, settings.get_my_description),
    _method("setMyShortDescription", requests.SetMyShortDescription, settings.set_my_short_description),
    _method("getMyShortDescription", requests.InLanguage, settings.get_my_short_description),
    _method("setChatMenuButton", requests.SetChatMenuButton, settings.set_chat_menu_button),
    _method("getChatMenuButton", requests.GetChatMenuButton, settings.get_chat_menu_button),
)

METHODS = {method.name.lower(): method for method in _ALL}
"""By lower-case name: Telegram does not care about case."""
