"""The doors of the assistant: channels that Rasa loads from credentials.yml, in sanic."""
