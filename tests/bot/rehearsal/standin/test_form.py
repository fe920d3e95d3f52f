"""Form: every fault of a body at once, with path and code."""

import pytest

from bot.rehearsal.standin.form import Form
from tests.bot.rehearsal.standin.worlds import refused


@pytest.mark.parametrize(
    ("read", "value", "code"),
    [
        (lambda f: f.text("x", least=1, most=3), "long", "BASE_TYPE_BAD_LENGTH"),
        (lambda f: f.text("x", most=3), "long", "BASE_TYPE_MAX_LENGTH"),
        (lambda f: f.text("x"), 5, "STRING_TYPE_CONVERT"),
        (lambda f: f.text("x", required=True), None, "BASE_TYPE_REQUIRED"),
        (lambda f: f.integer("x", 0, 9), 10, "NUMBER_TYPE_MAX"),
        (lambda f: f.integer("x", 0, 9), -1, "NUMBER_TYPE_MIN"),
        (lambda f: f.integer("x", 0, 9), "1", "NUMBER_TYPE_COERCE"),
        (lambda f: f.choice("x", (1, 2)), 3, "BASE_TYPE_CHOICES"),
        (lambda f: f.flag("x"), "yes", "BOOLEAN_TYPE_CONVERT"),
        (lambda f: f.snowflake("x"), "me", "NUMBER_TYPE_COERCE"),
        (lambda f: f.moment("x"), "soon", "DATE_TIME_TYPE_PARSE"),
    ],
)
def test_each_fault_has_discords_code(read, value, code):
    """A wrong field is named by its path with the code Discord uses."""
    form = Form({"x": value}, ("outer",))

    read(form)

    with refused(50035) as refusal:
        form.check()
    (error,) = refusal.value.errors["outer"]["x"]["_errors"]
    assert error["code"] == code


def test_all_faults_come_at_once():
    """One refusal names every field that was wrong."""
    form = Form({"a": 1})
    form.text("a")
    form.text("b", required=True)

    with refused(50035) as refusal:
        form.check()

    assert set(refusal.value.to_json()["errors"]) == {"a", "b"}


def test_snowflakes_may_be_numbers():
    """Discord takes ids as numbers too; libraries send them so."""
    form = Form({"a": 5, "b": "6"})

    assert (form.snowflake("a"), form.snowflake("b")) == (5, 6)


def test_a_body_that_is_no_object_is_refused():
    """A list or nothing at all is 50109."""
    with refused(50109):
        Form([])
