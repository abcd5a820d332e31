"""Search tells the house about itself."""

from veche.kernel.manifest import Module, Sweep

MODULE = Module(
    name="search",
    sweeps=(Sweep("veche.commons.search.tasks.follow_documents", minutes=1),),
)
