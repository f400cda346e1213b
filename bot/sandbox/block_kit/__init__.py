"""What Slack's Block Kit takes and what it refuses.

Limits are those of https://docs.slack.dev/reference/block-kit
"""
