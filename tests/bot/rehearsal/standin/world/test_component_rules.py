"""What is refused in the components of messages and modals, and what is taken."""

import pytest

from bot.rehearsal.standin.refusals import invalid_form
from bot.rehearsal.standin.world import component_rules


def button(**more):
    return {"type": 2, "style": 1, "custom_id": "b", "label": "B", **more}


def link(**more):
    return {"type": 2, "style": 5, "label": "L", "url": "https://example.org", **more}


def row(*inner):
    return {"type": 1, "components": list(inner)}


def option(value="v", **more):
    return {"label": "L", "value": value, **more}


def select(*options, **more):
    options = list(options) or [option()]
    return {"type": 3, "custom_id": "s", "options": options, **more}


def text_input(**more):
    return {"type": 4, "style": 1, "custom_id": "t", **more}


def label(component=None, **more):
    return {
        "type": 18,
        "label": "L",
        "component": component or text_input(),
        **more,
    }


def modal(*components, **more):
    return {"title": "M", "custom_id": "m", "components": list(components), **more}


def text(content="Tea"):
    return {"type": 10, "content": content}


def section(**more):
    return {"type": 9, "components": [text()], "accessory": button(), **more}


def places(faults):
    """Return the dotted paths of what is wrong."""
    return {".".join(map(str, one.path)) for one in faults}


WRONG_IN_A_MESSAGE = [
    (row(), "0.components"),
    (row(select(), button()), "0.components"),
    (row(text()), "0.components.0.type"),
    (text(), "0.type"),
    (row(button(style=7)), "0.components.0.style"),
    (row(button(label=None)), "0.components.0.label"),
    (row(button(label="x" * 81)), "0.components.0.label"),
    (row(button(custom_id="x" * 101)), "0.components.0.custom_id"),
    (row(button(url="https://example.org")), "0.components.0.url"),
    (row(link(custom_id="b")), "0.components.0.custom_id"),
    (row(link(url="x")), "0.components.0.url"),
    (row(link(url="https://" + "x" * 512)), "0.components.0.url"),
    (row(select(custom_id="")), "0.components.0.custom_id"),
    (row(select(placeholder="x" * 151)), "0.components.0.placeholder"),
    (row(select(*map(option, map(str, range(26))))), "0.components.0.options"),
    (row(select(max_values=2)), "0.components.0.options"),
    (row({"type": 5, "custom_id": "w", "max_values": 26}), "0.components.0.max_values"),
    (row(select(min_values=2)), "0.components.0.min_values"),
    (row(select(option(), option())), "0.components.0.options.1.value"),
    (row(select(option("x" * 101))), "0.components.0.options.0.value"),
    (row(select(option(label="x" * 101))), "0.components.0.options.0.label"),
    (row(select(option(label=""))), "0.components.0.options.0.label"),
    (
        row(select(option(description="x" * 101))),
        "0.components.0.options.0.description",
    ),
    (
        row(select(option("1", default=True), option("2", default=True))),
        "0.components.0.options",
    ),
]


@pytest.mark.parametrize(("component", "at"), WRONG_IN_A_MESSAGE)
def test_a_message_is_refused_where_it_is_wrong(component, at):
    """The path leads to the field, and to nothing else."""
    found = component_rules.of_message([component], v2=False)

    assert places(found) == {f"components.{at}"}
    assert invalid_form(*found).code == 50035


@pytest.mark.parametrize(
    "components",
    [
        [],
        [row(button(), button(custom_id="c", label=None, emoji={"name": "✋"}))],
        [row(link()), row(select(option("1"), option("2"), max_values=2))],
        [row({"type": 5, "custom_id": "who"})],
    ],
)
def test_a_sound_message_is_taken(components):
    """Buttons, links and menus, row by row."""
    assert component_rules.of_message(components, v2=False) == []


@pytest.mark.parametrize(
    ("components", "at"),
    [
        ([text("")], "components.0.content"),
        ([text("x" * 2001), text("x" * 2000)], "components"),
        ([section(accessory=None)], "components.0.accessory.type"),
        ([section(accessory=button(label="x" * 81))], "components.0.accessory.label"),
        ([section(components=[])], "components.0.components"),
        ([{"type": 17, "components": []}], "components.0.components"),
        ([section(), row(button())], "components.1.components.0.custom_id"),
        ([text() for _ in range(41)], "components"),
        ([label()], "components.0.type"),
    ],
)
def test_a_message_of_components_alone_has_its_own_limits(components, at):
    """Text altogether, sections, containers, and ids that are unique everywhere."""
    assert at in places(component_rules.of_message(components, v2=True))


def test_a_sound_layout_is_taken():
    """A container with a section and a row."""
    box = {"type": 17, "components": [text(), section(), {"type": 14}, row(link())]}

    assert component_rules.of_message([box], v2=True) == []


@pytest.mark.parametrize(
    ("made", "at"),
    [
        (modal(), "components"),
        (modal(*[text()] * 6), "components"),
        (modal(label(), title=""), "title"),
        (modal(label(), title="x" * 46), "title"),
        (modal(label(), custom_id="x" * 101), "custom_id"),
        (modal(label(label="x" * 46)), "components.0.label"),
        (modal(label(description="x" * 101)), "components.0.description"),
        (modal(label(button())), "components.0.component.type"),
        (modal(row(button())), "components.0.components.0.type"),
        (modal(label(), label()), "components.1.component.custom_id"),
        (
            modal(label(text_input(placeholder="x" * 101))),
            "components.0.component.placeholder",
        ),
        (modal(label(text_input(style=3))), "components.0.component.style"),
        (
            modal(label(text_input(max_length=4001))),
            "components.0.component.max_length",
        ),
        (
            modal(label(text_input(max_length=3, value="four"))),
            "components.0.component.value",
        ),
        (
            modal(label(select(option("x" * 101)))),
            "components.0.component.options.0.value",
        ),
    ],
)
def test_a_modal_is_refused_where_it_is_wrong(made, at):
    """One to five labels or rows, with inputs that can be answered."""
    assert places(component_rules.of_modal(made, ("data",))) == {f"data.{at}"}


def test_a_sound_modal_is_taken():
    """Text, a label around a menu, and the old row with a text input."""
    made = modal(text(), label(select()), row(text_input(label="Why")))

    assert component_rules.of_modal(made, ("data",)) == []
