"""The facts of each kind of message; bot/slack renders them, nothing here knows Block Kit."""
