select
  figures.workspace_id, figures.metric, figures.target, figures.series_id, figures.source, figures.touchpoint,
  cast(date_trunc('month', day) as date) as month, sum(n) as n,
  {{ figure() }} as figure,
  100.0 * sum(favourable) / sum(n) as favourable_percent,
  {{ wilson('-') }} as favourable_low, {{ wilson('+') }} as favourable_high,
  sum(n) < 30 as low_base
from {{ source('afterword', 'daily_figures') }} as figures
join {{ source('afterword', 'metrics') }} as metrics on metrics.metric = figures.metric
where {{ shown() }}
group by figures.workspace_id, figures.metric, figures.target, figures.series_id, figures.source, figures.touchpoint,
  cast(date_trunc('month', day) as date), metrics.kind
