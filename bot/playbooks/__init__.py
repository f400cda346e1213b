"""YAML → playbook, with every error at its place, and the JSON Schema."""
