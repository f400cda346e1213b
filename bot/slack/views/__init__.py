"""Views: pure functions from facts to Block Kit."""
