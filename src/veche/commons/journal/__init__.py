"""The public record of facts, and their delivery to whoever listens."""
