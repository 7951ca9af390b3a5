"""`python -m bot` is `hadir`."""

from bot.cli import main

main()
