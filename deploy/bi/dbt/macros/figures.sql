{# The figure that leads, as the dashboard shows it: sums of one series in, points, percent or scale points out. #}
{% macro figure() -%}
case metrics.kind
  when 'net' then 100.0 * (sum(favourable) - sum(unfavourable)) / sum(n)
  when 'share' then 100.0 * sum(favourable) / sum(n)
  else 1.0 * sum(sum_of_scores) / sum(n)
end
{%- endmacro %}

{# A bound of Wilson's interval at 95 % of the favourable share, in percent; sign is - or +. #}
{% macro wilson(sign) -%}
{%- set z = 1.959963984540054 -%}
100.0 * (sum(favourable) + {{ z * z / 2 }} {{ sign }} {{ z }} * sqrt(
  sum(favourable) * (sum(n) - sum(favourable)) / (1.0 * sum(n)) + {{ z * z / 4 }})) / (sum(n) + {{ z * z }})
{%- endmacro %}

{# What the dashboard's figures count: customers whom somebody asked. #}
{% macro shown() -%}
respondent = 'customer' and source in ('solicited', 'imported')
{%- endmacro %}
