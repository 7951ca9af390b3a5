"""Hadir: clock in and out from Telegram, in front of BioTimeCloud."""
