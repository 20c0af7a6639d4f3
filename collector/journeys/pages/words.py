"""The words of the set-up: fields, choices, what somebody did. ``_`` marks them for the translators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from collector.journeys.channels import BY_KEY
from collector.journeys.diff import Difference
from collector.journeys.pages import forms
from collector.locale import Speaker

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Words:
    """Says what stands in a definition, in one language."""

    speaker: Speaker

    def _(self, message: str, **values: object) -> str:
        said = self.speaker.gettext(message)
        return said % values if values else said

    def channel(self, key: str) -> str:
        return self._(BY_KEY[key].name) if key in BY_KEY else key

    def stage(self, key: str) -> str:
        return {
            "before": self._("Before the sale"),
            "during": self._("During the sale"),
            "after": self._("After the sale"),
        }.get(key, key)

    def state(self, key: str) -> str:
        return {"as_is": self._("As it is today"), "to_be": self._("As it shall be")}.get(key, key)

    def question(self, metric: str) -> str:
        """The question that a metric names."""
        return {
            "helpful": self._("Helpful"),
            "clear": self._("Clear"),
            "fcr": self._("Solved at first contact"),
            "goal": self._("Goal"),
            "exit": self._("Found it"),
            "stars": self._("Stars"),
            "emotion": self._("Emotion"),
        }.get(metric, metric.upper())

    def actor(self, key: str) -> str:
        return {"customer": self._("The customer"), "company": self._("The company")}.get(key, key)

    def feeling(self, value: int | str | None) -> str:
        """An expectation of -2 to +2 in words."""
        return {
            "": self._("not said"),
            "-2": self._("%(value)s dread", value=f"{MINUS}2"),
            "-1": self._("%(value)s unease", value=f"{MINUS}1"),
            "0": self._("0 neutral"),
            "1": self._("+1 confidence"),
            "2": self._("+2 delight"),
        }.get("" if value is None else str(value), str(value))

    def group(self, key: str) -> str:
        """A group of a persona's details."""
        return {
            "demographics": self._("Age, place, household"),
            "job": self._("Work"),
            "pain_points": self._("What troubles them"),
            "values_and_goals": self._("What they value and want"),
            "information_behaviour": self._("Where they inform themselves"),
        }.get(key, key)

    def noun(self, key: str) -> str:
        return {
            "touchpoint": self._("Touchpoint"),
            "stakeholder": self._("Owner"),
            "persona": self._("Persona"),
            "journey": self._("Journey"),
        }.get(key, key)

    def verb(self, key: str) -> str:
        """What was done to a definition."""
        return {
            "create": self._("made"),
            "change": self._("changed"),
            "version": self._("new version"),
            "restore": self._("taken back into use"),
            "archive": self._("archived"),
        }.get(key, key)

    def plan(self, key: str) -> str:
        """What a file would do with a definition."""
        return {
            "create": self._("is new"),
            "change": self._("is changed"),
            "version": self._("gets a new version"),
            "restore": self._("comes back into use"),
            "unchanged": self._("stays as it is"),
        }.get(key, key)

    def field(self, name: str) -> str:
        """The name of a form's field, as its label has it."""
        for prefix, label in (
            (forms.SERVES, self._("Works for")),
            (forms.SERVICE, self._("Does for them")),
            (forms.EXPECTS_TEXT, self._("Expectation in words")),
            (forms.EXPECTS, self._("Expectation")),
        ):
            if name.startswith(prefix):
                return f"{label}: {name.removeprefix(prefix)}"
        if name.startswith(forms.DETAILS):
            return self.group(name.removeprefix(forms.DETAILS))
        return self._fields().get(name, name)

    def said(self, name: str, value: str) -> str:
        """A field's value, as a person reads it."""
        if name in (*forms.STEP_FLAGS, *forms.TOUCHPOINT_FLAGS) or name.startswith(forms.SERVES):
            return self._("yes") if value else self._("no")
        if name == "expectation" and value in ("-2", "-1", "0", "1", "2", ""):
            return self.feeling(value)
        if name.startswith(forms.EXPECTS):
            return self.feeling(value)
        choices = {"channel": self.channel, "stage": self.stage, "state": self.state, "actor": self.actor}
        return choices[name](value) if name in choices and value else value

    def difference(self, found: Difference, names: Mapping[str, str]) -> list[str]:
        """What changed between two versions of a journey, a line each; ``names`` are those of steps and phases."""

        def name(key: str) -> str:
            return names.get(key, key)

        return [
            *(self.field(key) for key in found.fields),
            *(self._("phase “%(name)s” added", name=name(key)) for key in found.phases_added),
            *(self._("phase “%(name)s” removed", name=name(key)) for key in found.phases_removed),
            *(self._("phase “%(name)s” renamed", name=name(key)) for key in found.phases_renamed),
            *(self._("step “%(name)s” added", name=name(key)) for key in found.added),
            *(self._("step “%(name)s” removed", name=name(key)) for key in found.removed),
            *(self._("step “%(name)s” moved", name=name(key)) for key in found.moved),
            *(
                self._(
                    "step “%(name)s”: %(fields)s", name=name(key), fields=", ".join(map(self.field, fields))
                )
                for key, fields in found.changed.items()
            ),
        ]

    def wish(self, form: Mapping[str, str], names: Mapping[str, str]) -> str:
        """The change of phases or steps that a form asks for."""
        step, phase = (names.get(form.get(key, ""), form.get(key, "")) for key in ("step", "phase"))
        name = form.get("name", "")
        return {
            "add-step": self._("Add the step “%(name)s” to the phase “%(phase)s”", name=name, phase=phase),
            "move-step": self._(
                "Move the step “%(step)s” within or to the phase “%(phase)s”", step=step, phase=phase
            ),
            "remove-step": self._("Take out the step “%(step)s”", step=step),
            "add-phase": self._("Add the phase “%(name)s”", name=name),
            "rename-phase": self._("Rename the phase “%(phase)s” to “%(name)s”", phase=phase, name=name),
            "move-phase": self._("Move the phase “%(phase)s”", phase=phase),
            "remove-phase": self._("Take out the phase “%(phase)s”", phase=phase),
            "go-back": self._("Go back to version %(version)s", version=form.get("place", "")),
            "restore": self._("Take the journey back into use"),
        }.get(form.get("do", ""), "")

    def _fields(self) -> dict[str, str]:
        return {
            "name": self._("Name"),
            "customer_name": self._("The customer's name for it"),
            "description": self._("Description"),
            "channel": self._("Channel"),
            "stage": self._("Stage"),
            "owners": self._("Owners"),
            "systems": self._("Systems"),
            "tags": self._("Tags"),
            "measurable": self._("Can be measured"),
            "feedback_enabled": self._("Asks customers"),
            "form_enabled": self._("Takes feedback that nobody asked for"),
            "expectation": self._("Expectation"),
            "expectation_text": self._("Expectation in words"),
            "expectations": self._("Expectations by persona"),
            "expected_result": self._("Expected result"),
            "serves": self._("Works for"),
            "details": self._("Details"),
            "definition": self._("Definition"),
            "customer_goal": self._("The customer's goal"),
            "business_goal": self._("The company's goal"),
            "scenario": self._("Scenario"),
            "state": self._("State"),
            "variant_of": self._("Variant of"),
            "personas": self._("Personas"),
            "abandoned_after_days": self._("Counts as abandoned after (days)"),
            "metric": self._("Read by the question"),
            "action": self._("What happens"),
            "actor": self._("Who acts"),
            "touchpoint": self._("Touchpoint"),
            "milestone": self._("Milestone"),
            "moment_of_truth": self._("Moment of truth"),
            "notes": self._("Notes"),
            "key": self._("Key"),
            "journey": self._("Key of the journey"),
            "place": self._("Place"),
        }
