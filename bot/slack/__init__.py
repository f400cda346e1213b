"""Slack as a face: messages out of facts, their delivery, and who is in a role."""
