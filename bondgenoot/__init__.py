"""Bondgenoot: what the assistant knows and keeps, in plain Python.

Nothing in this package imports Rasa, rasa-sdk or Sanic, so that all of it can be tested and read on its own.
"""

__version__ = "0.1.0"
