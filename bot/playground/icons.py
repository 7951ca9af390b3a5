"""The page's own pictures, so that it looks the same on machines without an emoji font."""


def _icon(path: str) -> str:
    return f'<svg class="glyph" viewBox="0 0 24 24" aria-hidden="true"><path d="{path}"/></svg>'


PIN = _icon(
    "M12 2a7 7 0 0 0-7 7c0 5 7 13 7 13s7-8 7-13a7 7 0 0 0-7-7zm0 9.5A2.5 2.5 0 1 1 12 6.500a2.500 2.500 0 0 1 0 5z"
)
MAIL = _icon("M4 4h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zm8 9.200L20 8V6l-8 5.200L4 6v2z")
SHEET = _icon(
    "M6 2h8l5 5v13a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2zm7 1.500V8h4.500zM8 12v1.500h8V12zm0 4v1.500h8V16z"
)
PERSON = _icon("M12 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10zm0 2c-4 0-9 2-9 6v2h18v-2c0-4-5-6-9-6z")
SEND = _icon("M3 20.500 22 12 3 3.500 3 10l13 2-13 2z")
