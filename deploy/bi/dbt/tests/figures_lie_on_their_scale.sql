-- No figure leaves its scale: -100 to 100, 0 to 100, or from the lowest to the highest score.
select figures.series_id, figures.figure
from {{ ref('figures_by_week') }} as figures
join {{ source('afterword', 'metrics') }} as metrics on metrics.metric = figures.metric
where figures.figure not between (case metrics.kind when 'net' then -100 when 'share' then 0 else metrics.lowest end)
  and (case metrics.kind when 'mean' then metrics.highest else 100 end)
