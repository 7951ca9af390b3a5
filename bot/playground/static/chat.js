// The page's behaviour: everything shown comes rendered from the server; this script sends what a person does
// and puts arriving pieces in their places.
import { drawMap } from "./map.js";

const people = document.body.dataset.people;
const phones = new Map([...document.querySelectorAll(".phone")].map((phone) => [phone.dataset.person, phone]));

async function act(phone, what) {
  const late = phone.querySelector("[name=late]").checked;
  const answer = await fetch(`/people/${phone.dataset.person}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ late, ...what }),
  });
  const body = await answer.json();
  if (!answer.ok) toast(phone, body.error, false);
  return body;
}

// --- what arrives -------------------------------------------------------------------------------------------------

const arrivals = {
  message(phone, told) {
    phone.querySelector(".welcome")?.remove();
    if (!replace(phone, told)) phone.querySelector(".messages").insertAdjacentHTML("beforeend", told.html);
    idle(phone);
    toBottom(phone);
  },
  edit(phone, told) {
    replace(phone, told);
  },
  delete(phone, told) {
    const message = phone.querySelector(`[data-id="${told.id}"]`);
    if (!message) return;
    const ghost = document.createElement("div");
    ghost.className = "bubble";
    ghost.textContent = phone.dataset.deleted;
    message.replaceChildren(ghost);
    message.classList.add("gone");
    setTimeout(() => message.remove(), 4600);
  },
  keyboard(phone, told) {
    phone.querySelector(".keyboard").innerHTML = told.html;
    phone.querySelector("[name=text]").placeholder = told.placeholder;
    toBottom(phone);
  },
  menu(phone, told) {
    phone.querySelector(".menu").innerHTML = told.html;
  },
  mail(phone, told) {
    phone.querySelector(".mails").insertAdjacentHTML("afterbegin", told.html);
    const button = phone.querySelector(".post");
    const unread = button.querySelector(".unread");
    button.hidden = false;
    unread.textContent = Number(unread.textContent) + 1;
    unread.hidden = !phone.querySelector(".mailbox").hidden;
  },
  action(phone, told) {
    const status = phone.querySelector(".status");
    status.textContent = told.action === "typing" ? phone.dataset.typing : phone.dataset.working;
    status.classList.add("busy");
    clearTimeout(phone.idleTimer);
    phone.idleTimer = setTimeout(() => idle(phone), 5000);
  },
  answer(phone, told) {
    if (told.text) toast(phone, told.text, told.show_alert);
  },
};

function replace(phone, told) {
  const old = phone.querySelector(`[data-id="${told.id}"]`);
  if (old) old.outerHTML = told.html;
  return Boolean(old);
}

function noneUnread(button) {
  const unread = button.querySelector(".unread");
  unread.textContent = "";
  unread.hidden = true;
}

function idle(phone) {
  const status = phone.querySelector(".status");
  status.textContent = status.dataset.idle;
  status.classList.remove("busy");
}

function toast(phone, text, alert) {
  const box = phone.querySelector(".toast");
  box.textContent = text;
  box.dir = "auto";
  box.classList.toggle("alert", alert);
  box.hidden = false;
  clearTimeout(phone.toastTimer);
  if (!alert) phone.toastTimer = setTimeout(() => (box.hidden = true), 3500);
}

function toBottom(phone) {
  const messages = phone.querySelector(".messages");
  messages.scrollTop = messages.scrollHeight;
}

const events = new EventSource(`/events?people=${people}&from=${document.body.dataset.cursor}`);
events.onmessage = (event) => {
  const told = JSON.parse(event.data);
  const phone = phones.get(told.person);
  if (phone) arrivals[told.kind](phone, told);
};

// --- what a person does -------------------------------------------------------------------------------------------

function standAt(phone, latitude, longitude) {
  const drawer = phone.querySelector(".drawer");
  drawer.dataset.place = `${latitude},${longitude}`;
  drawMap(drawer);
  const accuracy = drawer.dataset.accuracy ? Number(drawer.dataset.accuracy) : null;
  return act(phone, { do: "place", latitude, longitude, accuracy });
}

function standAtText(phone, text) {
  const numbers = text.split(/[,،\s]+/).filter(Boolean).map(Number);
  const [latitude, longitude] = numbers;
  if (numbers.length === 2 && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return standAt(phone, latitude, longitude);
  return toast(phone, "25.0916, 55.1587", false);
}

async function share(phone, text) {
  const body = await act(phone, { do: "share", text });
  if (!body.place) return;
  phone.querySelector(".drawer").dataset.place = body.place.join(",");
  drawMap(phone.querySelector(".drawer"));
}

function choose(phone, button) {
  const drawer = phone.querySelector(".drawer");
  drawer.dataset.accuracy = button.dataset.accuracy;
  for (const other of drawer.querySelectorAll("[aria-pressed]")) other.ariaPressed = String(other === button);
  standAtText(phone, drawer.dataset.place);
}

const clicks = {
  say: (phone, button) => act(phone, { do: "say", text: button.dataset.say }),
  press: (phone, button) =>
    act(phone, { do: "press", text: button.dataset.press, message_id: Number(button.closest(".message").dataset.id) }),
  key: (phone, button) => act(phone, { do: "key", text: button.dataset.key }),
  place: (phone, button) => standAtText(phone, button.dataset.place),
  accuracy: choose,
  share: (phone, button) => share(phone, button.dataset.share),
  set: (phone) => standAtText(phone, phone.querySelector("[name=point]").value),
  toggle(phone, button) {
    for (const name of ["menu", "drawer", "mailbox"]) {
      const box = phone.querySelector(`.${name}`);
      box.hidden = name !== button.dataset.toggle || !box.hidden;
    }
    if (button.dataset.toggle === "mailbox") noneUnread(button);
    drawMap(phone.querySelector(".drawer"));
    toBottom(phone);
  },
};

document.addEventListener("click", (event) => {
  const phone = event.target.closest(".phone");
  if (!phone) return;
  event.target.closest(".spoiler")?.classList.toggle("open");
  if (event.target.closest(".toast")) phone.querySelector(".toast").hidden = true;
  const button = event.target.closest("button");
  const kind = Object.keys(button?.dataset ?? {}).find((name) => name in clicks);
  if (kind) clicks[kind](phone, button);
  if (kind === "say") phone.querySelector(".menu").hidden = true;
});

for (const phone of phones.values()) {
  toBottom(phone);
  drawMap(phone.querySelector(".drawer"), (latitude, longitude) => standAt(phone, latitude, longitude));
  phone.querySelector(".composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const input = phone.querySelector("[name=text]");
    if (input.value.trim()) act(phone, { do: "say", text: input.value });
    input.value = "";
  });
  phone.querySelector("[name=language]").addEventListener("change", async (event) => {
    await act(phone, { do: "language", text: event.target.value });
    location.reload();
  });
  phone.querySelector("[name=client]").addEventListener("change", (event) => act(phone, { do: "client", client: event.target.value }));
}
