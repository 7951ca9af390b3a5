"""The chat page in a real browser: write, press, read from right to left, share a place."""

import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright, expect
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup, Update

from bot.playground.people import Person
from bot.playground.server import Playground

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")


@pytest.fixture
async def page(url: str) -> AsyncIterator[Page]:
    """The page open in a browser; anything it complains about fails the test."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        shown = await browser.new_page()
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        await shown.goto(url)
        yield shown
        await browser.close()
    assert complaints == []


async def next_update(bot: Bot) -> Update:
    """The newest update, as soon as there is one; confirmed."""
    update = (await bot.get_updates(timeout=5, offset=-1))[0]
    await bot.get_updates(offset=update.update_id + 1)
    return update


async def test_a_dialog(page: Page, bot: Bot, mona: Person) -> None:
    phone = page.locator("#phone-mona")
    await phone.get_by_role("button", name="Start").click()
    await next_update(bot)
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Log in", callback_data="login")]])
    message = await bot.send_message(mona.id, "<b>Hello</b> &lt;i&gt;", "HTML", reply_markup=markup)
    await expect(phone.locator(".theirs .text")).to_have_text("Hello <i>")
    await expect(phone.locator(".theirs strong")).to_have_text("Hello")
    await phone.get_by_role("button", name="Log in").click()
    update = await next_update(bot)
    assert update.callback_query is not None
    await update.callback_query.answer("One moment")
    await expect(phone.locator(".toast")).to_have_text("One moment")
    await message.edit_text("Your name?")
    await expect(phone.locator(".theirs").last).to_contain_text("Your name?edited")
    await phone.locator("[name=text]").fill("secret")
    await phone.locator("[name=text]").press("Enter")
    await expect(phone.locator(".mine").last).to_contain_text("secret")
    await bot.delete_message(mona.id, mona.history[-1].message_id)
    await expect(phone.locator(".gone")).to_have_text("Message deleted")
    await expect(page.locator("#phone-omar .message")).to_have_count(0)


async def test_right_to_left(page: Page, bot: Bot, playground: Playground) -> None:
    phone = page.locator("#phone-omar")
    omar = playground.people["omar"]
    omar.start()
    keyboard = ReplyKeyboardMarkup([["المزيد", "اليوم"]], input_field_placeholder="اختر")
    await bot.send_message(omar.id, "أهلًا عمر")
    await bot.send_message(omar.id, "Hello Omar", reply_markup=keyboard)
    texts = phone.locator(".theirs .text")
    await expect(texts).to_have_count(2)
    assert [await text.evaluate("e => getComputedStyle(e).direction") for text in await texts.all()] == ["rtl", "ltr"]
    more, today = [await phone.locator(f"[data-key={label}]").bounding_box() for label in ("المزيد", "اليوم")]
    assert more is not None
    assert today is not None
    assert more["x"] < today["x"]
    await expect(phone.locator("[name=text]")).to_have_attribute("placeholder", "اختر")
    await phone.locator("[name=language]").select_option("en")
    await expect(phone).to_have_attribute("dir", "ltr")
    assert omar.language == "en"


async def test_three_phones_beside_each_other_say_whose_they_are(page: Page, url: str) -> None:
    await page.set_viewport_size({"width": 1300, "height": 900})
    await page.goto(f"{url}/?people=mona,omar,huda")
    names = page.locator(".who b")
    await expect(names).to_have_count(3)
    assert [await name.evaluate("e => e.scrollWidth > e.clientWidth") for name in await names.all()] == [False] * 3


async def test_a_mail_arrives_beside_the_chat(page: Page, playground: Playground) -> None:
    omar = playground.people["omar"]
    omar.email = "omar@x.example"
    phone = page.locator("#phone-omar")
    await expect(phone.get_by_title("البريد", exact=True)).to_have_count(1)
    await expect(phone.locator(".post")).to_be_hidden()  # the page was opened before he had an address
    for number in ("1", "2"):
        playground.deliver_mail("omar@x.example", f"Letter {number}", "أهلًا عمر\nYour code: 123456")
        await expect(phone.locator(".unread")).to_have_text(number)
    await phone.get_by_title("البريد", exact=True).click()
    await expect(phone.locator(".unread")).to_be_hidden()
    await expect(phone.locator(".mail h3")).to_have_text(["Letter 2", "Letter 1"])
    await expect(phone.locator(".letter").first).to_be_visible()
    assert await phone.locator(".letter").first.evaluate("e => getComputedStyle(e).direction") == "rtl"
    await page.reload()
    await phone.get_by_title("البريد", exact=True).click()
    await expect(phone.locator(".mail h3")).to_have_text(["Letter 2", "Letter 1"])
    await expect(page.locator("#phone-mona .mail")).to_have_count(0)


async def test_sharing_a_place(page: Page, bot: Bot, mona: Person, playground: Playground) -> None:
    phone = page.locator("#phone-mona")
    mona.start()
    keyboard = ReplyKeyboardMarkup([[KeyboardButton("Clock in", request_location=True)]])
    await bot.send_message(mona.id, "Hello", reply_markup=keyboard)
    await phone.get_by_title("Place", exact=True).click()
    await phone.locator(".map svg").click(position={"x": 10, "y": 10})
    await phone.get_by_role("button", name="400 m").click()
    await phone.get_by_role("button", name="Clock in").click()
    await expect(phone.locator(".mine .place")).to_have_count(1)
    message = (await next_update(bot)).message
    assert message is not None
    assert message.location is not None
    assert message.location.horizontal_accuracy == 400
    office = playground.office.place
    assert office.latitude < message.location.latitude < office.latitude + 0.01
    assert office.longitude - 0.01 < message.location.longitude < office.longitude
    await phone.get_by_role("checkbox").check()
    await phone.get_by_role("button", name="Pin", exact=True).click()
    late = (await next_update(bot)).message
    assert late is not None
    assert (playground.world.now() - late.date).total_seconds() == 600
