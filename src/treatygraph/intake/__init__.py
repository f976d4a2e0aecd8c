"""From other forms into draft Turtle: what comes in is written for review, never straight into a store."""
