"""How updates reach the bot: getUpdates and the webhook."""

from bot.playground.call import Context
from bot.playground.errors import Json
from bot.playground.requests import DeleteWebhook, GetUpdates, NoParameters, SetWebhook

LONGEST_POLL = 50


async def get_updates(context: Context, params: GetUpdates) -> list[Json]:
    updates = context.world.updates
    if not updates.webhook_active:
        updates.allow(params.allowed_updates)
    limit = params.limit if 1 <= params.limit <= 100 else 100
    return await updates.poll(params.offset, limit, min(max(params.timeout, 0), LONGEST_POLL))


async def set_webhook(context: Context, params: SetWebhook) -> bool:
    await context.webhook.set(params)
    return True


async def delete_webhook(context: Context, params: DeleteWebhook) -> bool:
    await context.webhook.set(SetWebhook(url="", drop_pending_updates=params.drop_pending_updates))
    return True


async def get_webhook_info(context: Context, _params: NoParameters) -> Json:
    return context.webhook.info()
