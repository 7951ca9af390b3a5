"""What is asked about passwords, and the rules that are told before."""

from bot.i18n import Translator
from bot.services.passwords import CODE_LIFE, LIMITED_TRIES, Rules
from bot.store.conversations import Conversation

COMPANY, WHO, CODE, NEW = "password:company", "password:who", "password:code", "password:new"
OLD, RENEW = "password:old", "password:renew"
# The new one a second time.
NEW_AGAIN, RENEW_AGAIN = "password:new-again", "password:renew-again"


def build_question(t: Translator, step: Conversation, rules: Rules) -> str:
    if step.dialog == COMPANY:
        return t("Which company do you work for? Type its name.")
    if step.dialog == WHO:
        return t("Whose password is it? Type your e-mail address or your employee code, or /cancel.")
    if step.dialog == CODE:
        return _ask_code(t, step)
    if step.dialog == OLD:
        return t("Please type your current password. I delete your message at once and never store the password.")
    if step.dialog in (NEW_AGAIN, RENEW_AGAIN):
        return t("Please type the new password once more, so that no slip locks you out. I delete that message, too.")
    asked = t("Now your new password, please. I delete your message at once and never store the password.")
    return "\n".join([asked, describe_rules(t, rules)])


def _ask_code(t: Translator, step: Conversation) -> str:
    tries = t.plural("{n} try", "{n} tries", LIMITED_TRIES)
    return "\n".join(
        [
            t("If BioTime knows {who}, a code is on its way by e-mail.", who=str(step.data["who"])),
            t("Type the code here, or /cancel. It works for {time} and {tries}.",
              time=t.duration_in_words(CODE_LIFE), tries=tries),
        ]
    )  # fmt: skip


def describe_code(t: Translator, rules: Rules) -> str:
    """What was typed cannot be a code."""
    least, most = rules.code
    if least == most:
        return t.plural("The code has {n} digit, and nothing else. Please type it as the mail says, or /cancel.",
                        "The code has {n} digits, and nothing else. Please type it as the mail says, or /cancel.",
                        least)  # fmt: skip
    return t("The code has {least} to {most} digits, and nothing else. Please type it as the mail says, or /cancel.",
             least=str(least), most=str(most))  # fmt: skip


def describe_slip(t: Translator, rules: Rules) -> str:
    """The second was not the first."""
    said = t("The two are not the same. Please type your new password again, and then once more.")
    return "\n".join([said, describe_rules(t, rules)])


def describe_rules(t: Translator, rules: Rules) -> str:
    least = t.plural("It needs {n} character or more, on one line.", "It needs {n} characters or more, on one line.",
                     rules.shortest)  # fmt: skip
    return " ".join([least, t.isolate(rules.words)] if rules.words else [least])
