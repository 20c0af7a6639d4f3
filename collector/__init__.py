"""The collector: serves surveys, takes answers, shows the journey dashboard.

Files are the floor, folders are the stations of the data's route; imports go back along the route only
(the law stands in ``setup.cfg``). Read it bottom-up: ``clock errors config signing db locale web``, then
``workspaces -> journeys -> surveys -> interactions -> invitations -> responses -> kpis -> exchange -> dashboard``.
"""

__version__ = "0.1.0"
