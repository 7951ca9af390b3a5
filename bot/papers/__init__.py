"""Pictures, sheets and documents of time cards. Everything here is slow and runs in `worker`'s process.

What a paper needs is in one frozen argument: it crosses to that process, and the same argument is the same paper.
"""
