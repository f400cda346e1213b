"""What a person cannot do here."""


class RefusedError(Exception):
    """Something that Slack's own client would not let a person do."""
