"""Bolt listeners: parse, call one service, acknowledge."""
