"""The ways of Django REST Framework, which the real server is built on: errors, bodies, fields, pages."""
