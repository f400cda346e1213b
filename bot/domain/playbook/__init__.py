"""The playbook document: one migration, as data."""
