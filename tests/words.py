"""The sentences that dialogs are recognised by, as the catalogues know them."""

GREETING = "👋 Hello {name}! I am Hadir. With me you clock in and out of BioTime in this chat."
PRIVACY = (
    "I see your location only when you share it, to show that you are at work. "
    "Your password goes to BioTime once; I delete it from this chat and never store it."
)
LOG_IN = "🔑 Log in"
ASK_COMPANY = "Which company do you work for? Type its name."
ASK_USERNAME = "What is your BioTime username? It is your employee code or e-mail address. Send /cancel to stop."
ASK_PASSWORD = "Now your password, please. I delete your message at once and never store the password."
WELCOME = "✅ Welcome, {name}!"
WRONG_LOGIN = "That did not work: the company, username or password is wrong. Type the password again, or start over."
SLOW_DOWN = "Too many tries. Please try again in {wait}, at {time}."
NO_ANSWER_AT_LOGIN = "BioTime is not answering right now. Please type the password again in a minute."
DELETE_YOURSELF = "I could not delete the message with your password. Please delete it yourself."
LOGGED_OUT = "You are logged out. Punches on their way still go through. Send /login to come back."
NOT_LOGGED_IN = "You are not logged in."
LOG_IN_FIRST = "Please log in first."
LOG_IN_TO_SHARE = "Please log in first, then share your location."
CANCELLED = "Cancelled. Nothing was sent."
NOTHING_TO_CANCEL = "There is nothing to cancel."
SAVED = "Saved {time}, ref {ref}. Sending to BioTime…"
CHECKING = "Saved {time}, ref {ref}. BioTime did not answer, so I am checking. No need to clock again."
NO_BIOTIME = "I cannot reach BioTime. Your time {time} is kept (ref {ref}) and goes in as a correction."
CAME_LATE = "Saved {time}, ref {ref}. Your message reached me late, so your time goes in as a correction."
FILED = "📝 Correction to {time} filed, waiting for approval (ref {ref})."
REFUSED = "❌ BioTime refused {time}: {reason}. Your time is kept (ref {ref}); please show this to your manager."
SESSION_ENDED = "Saved {time}, ref {ref}. Your BioTime session has ended: log in again and I will send it."
CLOCKED_IN = "✅ Clocked in at {time}"
CLOCKED_OUT = "✅ Clocked out at {time}"
BREAK_STARTED = "✅ Break started at {time}"
BREAK_ENDED = "✅ Break ended at {time}"
OVERTIME_STARTED = "✅ Overtime started at {time}"
OVERTIME_ENDED = "✅ Overtime ended at {time}"
AT_WORK = "At work since {time}. The button below is your next step."
REPEATED = "You already have a punch at {time} (ref {ref}), so I did not make a second one."
OUTSIDE = "You are {distance} from {area}. Nothing was recorded. Share your location again once you are there."
MARKED_OUTSIDE = "⚠️ Recorded and marked: you were {distance} from {area}."
MARKED_POOR = "📶 Marked: your phone was not sure where you are. It does better outdoors or near a window."
FORWARDED = "That location was forwarded. Share your own with the 📍 button below."
VENUE = "That is a place on the map, not where you are. Use the 📍 button below, or 📎 › Location."
VIA_BOT = "That location came through another bot. Share your own with the 📍 button below."
LABEL_AS_TEXT = (
    "Your Telegram app sent me the button's text instead of your location. On a phone, tap the button and "
    "allow location access. On a computer, use your phone, or 📎 › Location."
)
SHARE_NOW = "Share your location with the button below, or /cancel."
MORE_MENU = "What would you like to do?"
SETTINGS = "Your settings"
CHOOSE_LANGUAGE = "Choose your language"
I_SPEAK = "From now on I speak English with you."
KEYBOARD_TOO = "The buttons below are in English now, too."
HELP = "If BioTime does not answer, I keep your time and send it later. No need to clock again."
NOT_UNDERSTOOD = "I did not understand that. Use the buttons below, or send /help."
NOT_UNDERSTOOD_STRANGER = "I did not understand that. Please log in first."
OLD_BUTTON = "That button is out of date. Send /menu to see what I can do."
WRITE_IN_PRIVATE = "Please write to me in private."
HOURS = "Hours so far: {duration}"
NO_PUNCHES = "No punches yet."
HISTORY_PAGE = "History, page {number}"
ONLY_OURS = "BioTime is not answering right now, so this shows only what you sent through me."
SESSION_OVER = (
    "Your BioTime session has ended, so this shows only what you sent through me. Log in again to see everything."
)
USERNAME_SHORT = "A username is one short word, without spaces. Please type it again, or /cancel."
COMPANY_LONG = "That is too long. Please type the company's name, or /cancel."
LOGGED_OUT_WAITING = (
    "You are logged out. A punch of yours is waiting: it goes in only after your next log-in. Send /login to come back."
)
PASSWORD_AS_TEXT = "Please type it as text, or /cancel."
STRAY_PASSWORD = (
    "You are logged in already. I deleted that message, as it may have been your password, and did nothing else. "
    "If you wanted something, send /menu and then say it again."
)
LOGIN_STOPPED = "I stopped the log-in."
NO_CLOCK_OUT = "⚠️ No clock-out after {when}: that time is not counted. You can report the clock-out with /forgot."
PUNCH_ON_ITS_WAY = (
    "A punch of yours is still on its way to BioTime. If you log out, it goes in all the same, and I tell you here."
)
PUNCH_WAITS_FOR_LOGIN = (
    "A punch of yours is waiting for you to log in again. If you log out, it goes in only after your next log-in."
)
STAY = "Stay logged in"
YOU_STAY = "You stay logged in."
LOG_OUT_ANYWAY = "🚪 Log out anyway"
FORGOT = "Forgot password?"
PASSWORD_BUTTON = "🔑 Password"
ASK_WHO = "Whose password is it? Type your e-mail address or your employee code, or /cancel."
CODE_ON_ITS_WAY = "If BioTime knows {who}, a code is on its way by e-mail."
CODE_LIMITS = "Type the code here, or /cancel. It works for {time} and {tries}."
NEW_CODE = "📨 New code"
OTHER_ADDRESS = "✏️ Other address"
CODE_SOON = "You can have a new code in {wait}. Please look among unwanted mail, too."
NO_CODE_YET = "BioTime is not answering right now, so there is no code yet. Please ask for a new one in a minute."
CODE_OLD = "That code is too old by now. Please ask for a new one."
CODE_DIGITS = (
    "The code has {n} digit, and nothing else. Please type it as the mail says, or /cancel.",
    "The code has {n} digits, and nothing else. Please type it as the mail says, or /cancel.",
)
CODE_RANGE = "The code has {least} to {most} digits, and nothing else. Please type it as the mail says, or /cancel."
CODE_WRONG = "That did not work: the code is wrong or no longer valid. Type it again, or ask for a new one."
PASSWORD_KEPT = "The code alone is enough: I keep your new password in memory for five minutes."
ASK_NEW_PASSWORD = "Now your new password, please. I delete your message at once and never store the password."
ASK_AGAIN = "Please type the new password once more, so that no slip locks you out. I delete that message, too."
NOT_THE_SAME = "The two are not the same. Please type your new password again, and then once more."
ASK_OLD_PASSWORD = "Please type your current password. I delete your message at once and never store the password."
OLD_PASSWORD_WRONG = "That is not your current password. Please type your current password again, or /cancel."
PASSWORD_UNFIT = "That password does not do."
PASSWORD_RULES = ("It needs {n} character or more, on one line.", "It needs {n} characters or more, on one line.")
PASSWORD_NOT_TAKEN = "BioTime does not take this password: {reason} Please type another one."
PASSWORD_NO_ANSWER = "BioTime is not answering right now. Please type the new password again in a minute."
PASSWORD_DONE = "✅ Your new password is set, and you are logged in with it. Everywhere else you are logged out."
PASSWORD_DONE_LOG_IN = "✅ Your new password is set. Please log in with it."
PASSWORD_STOPPED = "I stopped here. Your password stays as it is."
PASSWORD_BOTH = (
    "I keep no password, and I was interrupted. Please type both in one message: your current password, and the new "
    "one on the line below."
)
EDITED_DELETED = "I deleted the message you changed: I read only new ones."
RECEIPT_BUTTON = "🧾 Receipt"
RECEIPT = "🧾 Receipt {ref}"
GENUINE = "✅ Genuine. The signed line says:"
FORGED = "❌ Not genuine: this was changed, or it is not from me."
CHAIN_WHOLE = "🔗 All receipts of this employee are complete and unchanged."
NO_SUCH_RECEIPT = (
    "I find no receipt of yours with that reference. To have another one checked, forward or paste the whole receipt."
)
PROFILE = "👤 Profile"
DEVICES = "📱 Devices"
LOGGED_IN_AS_YOU = "Logged in as you:"
THIS_ACCOUNT = "📱 This Telegram account, since {when}"
OTHER_ACCOUNT = "📱 Another Telegram account, since {when}"
LOG_OUT_EVERYWHERE = "🚪 Log out everywhere"
EVERYWHERE_MEANS = "This logs you out of every Telegram account, this one too. Punches on their way still go through."
OUT_EVERYWHERE = "You are logged out everywhere. Send /login to come back."
SOMEBODY_NEW = "⚠️ Another Telegram account has just logged in as you, {name}. Was it you?"
PASSWORD_ELSEWHERE = (
    "🔑 The BioTime password of {name} was changed from another Telegram account. To go on here, please log in with "
    "the new one. Was it you?"
)
NOT_ME = "That was not me"
OTHERS_OUT = (
    "Every other Telegram account is logged out. Somebody knows your password: please change it now, and tell your HR "
    "department."
)
LOGGED_OUT_ELSEWHERE = "You were logged out from another Telegram account of yours. Send /login to come back."
MY_DATA_BUTTON = "🗂 My data"
LOCATION_NOTICE = (
    "📍 Your location: I look at it only when you share it, to see at which place of your company you clock in or out. "
    "Your managers and HR see it with the punch, and BioTime gets it."
)
COORDINATES_KEPT = (
    "I drop the coordinates of a punch {n} day after it; the area stays.",
    "I drop the coordinates of a punch {n} days after it; the area stays.",
)
FORGET_ME = "🗑 Forget me"
FORGET_MEANS = (
    "If you tap the button, I forget you for good: your punches, receipts, notices, settings and sessions, on every "
    "Telegram account of yours."
)
BIOTIME_KEEPS = (
    "BioTime keeps its own records: your punches and requests there stay, and so do your company's list of people and "
    "what its managers did. Receipts that you have saved stay genuine."
)
FORGOTTEN = (
    "I have forgotten you. What you wrote in this chat stays until you delete it here. Send /start to begin anew."
)
FORGOTTEN_ELSEWHERE = "You asked me from your other Telegram account to forget you."
