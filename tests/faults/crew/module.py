"""The room's manifest: it listens to a fact of the commons, so that any process may record one."""

from tests.faults.crew.jobs import hear

from veche.commons.places.terms import CityLoaded
from veche.kernel.manifest import Module, Sweep

MODULE = Module(
    name="crew",
    site_urls="tests.faults.crew.urls",
    on={CityLoaded: hear},
    sweeps=(Sweep("tests.faults.crew.jobs.sweep", minutes=1),),
)
