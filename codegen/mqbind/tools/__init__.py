"""What the command does with a plan beside generating: replay, inspect, reports."""
