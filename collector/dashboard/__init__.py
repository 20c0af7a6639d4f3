"""The pages a manager looks at: journeys, touchpoints, owners, definitions; walls, shared views and dashlets.

In: definitions (``journeys``), figures (``kpis``), comments (``responses``). Out: HTML that needs no script to be read.
Each page is assembled as one frozen value by a pure or read-only function, then drawn by a template.
Nothing reads from here.
"""
