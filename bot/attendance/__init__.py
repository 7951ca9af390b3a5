"""The rules of time and attendance: pure Python, no clock, no I/O."""
