"""Pure statistics: counts and numbers in, figures with their uncertainty out.

Cells, intervals, comparisons, control charts, run lengths, drivers, weights, sample sizes and small groups; no
database, no Flask. Each formula names its source. Read by kpis, communities, insights and the dashboard.
"""
