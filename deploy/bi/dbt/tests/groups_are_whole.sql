-- What is told by who the customers are comes in whole groups of five.
select workspace_id, series_id, touchpoint, journey, channel, source, respondent, dimension, category, released
from {{ source('afterword', 'groups_of_five') }}
group by workspace_id, series_id, touchpoint, journey, channel, source, respondent, dimension, category, released
having sum(n) % 5 <> 0
