"""What can be asked: templates with their questions, kinds, flow and wording, in every language they speak.

In: template files, a company's own templates, translations. Out: templates as plain frozen values, the rules that
answers must pass, and the facets that a comparable number rests on. Read by surveys.
"""
