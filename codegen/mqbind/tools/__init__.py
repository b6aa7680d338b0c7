"""What the command does with a plan apart from generating: replay, inspect, reports."""
