"""The same endpoints on Django REST framework, as its documentation would have them, over the gateway's own tables.

Served by gunicorn. It leaves out what the gateway does beside the task (limits, dialects, audit), and runs with
one middleware instead of Django's seven: where there was a choice, it is the faster one for the peer.
"""
