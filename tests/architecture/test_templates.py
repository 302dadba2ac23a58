"""Every template obeys the content security policy and can be compiled."""

import pytest
from django.template import engines

from tests.architecture.sources import Source, sources
from tests.architecture.templates import page_faults

BAD = [
    '<p style="color: red">',
    '<p class="a" style="{{ colour }}">',
    '<button onclick="go()">',
    '<button hx-on:click="go()">',
    "<script>go()</script>",
    "<style>p { color: red }</style>",
    '<a href="javascript:go()">',
    "{{ note|safe }}",
    "{% autoescape off %}{{ note }}{% endautoescape %}",
    "<img src='x' {% if a %}onerror='go()'{% endif %}>",
]
GOOD = [
    "<script src=\"{% static 'yuanxin/keys.js' %}\" defer></script>",
    '<script nonce="{{ nonce }}">go()</script>',
    '<script type="application/json" id="data">{"a": 1}</script>',
    '<p class="{% if a > b %}late{% endif %}" data-due-at="{{ due }}">',
    "{# <p style='in a comment'> #}",
]


def test_no_template_needs_an_exception_from_the_policy() -> None:
    faults = [fault for source in sources(".html") for fault in page_faults(source)]
    assert not faults, "\n".join(faults)


def test_every_template_compiles() -> None:
    for source in sources(".html"):
        engines["django"].from_string(source.text)


@pytest.mark.parametrize("text", BAD)
def test_bad_sample_is_found(text: str) -> None:
    assert len(page_faults(Source("page.html", f"<main>\n{text}\n</main>"))) == 1


@pytest.mark.parametrize("text", GOOD)
def test_good_sample_passes(text: str) -> None:
    assert not page_faults(Source("page.html", text))


def test_fault_is_shown_at_its_line() -> None:
    assert page_faults(Source("a.html", '{% comment %}\n\n{% endcomment %}\n<p style="x">')) == [
        "a.html:4: style= needs unsafe-inline; use a class"
    ]
