"""The demonstration: believable reports made from a pack's material, the same ones for the same seed."""

from veche.site.demonstration.lives import StoryStep
from veche.site.demonstration.stories import Story, stories

__all__ = ["Story", "StoryStep", "stories"]
