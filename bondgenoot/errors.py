"""The errors that this package raises on purpose; each says what is wrong and what to do."""


class BondgenootError(Exception):
    """Base of every error whose text is meant for the person who runs or writes the assistant."""


class SettingsError(BondgenootError):
    """A setting is missing, contradictory or not allowed."""


class ContentError(BondgenootError):
    """Something in content/ is wrong; the text lists file, line, field and remedy, one problem a line."""


class StoreError(BondgenootError):
    """The database cannot be used as it is (too new, not reachable, wrong key)."""


class LinkError(BondgenootError):
    """A link to a file cannot be followed."""


class LinkForgedError(LinkError):
    """It was not made here, or was changed, or was cut off."""


class LinkExpiredError(LinkError):
    """It was good once."""


class FileGoneError(LinkError):
    """The link is good, but what it points to is not kept any more."""
