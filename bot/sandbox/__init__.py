"""A local Slack workspace: Slack's Web API, Socket Mode and signed HTTP, and a page to use it from."""
