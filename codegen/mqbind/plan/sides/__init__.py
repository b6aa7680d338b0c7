"""The files of a role: topics, handlers, senders, calls."""
