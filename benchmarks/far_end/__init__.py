"""The far end: Telegram and BioTime played by one process, as cheaply as Python can."""
