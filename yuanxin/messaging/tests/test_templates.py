import pytest
from django.db import transaction

from yuanxin.kernel import acting
from yuanxin.kernel.tenancy import scope
from yuanxin.kernel.tests.make import at as wall
from yuanxin.messaging import api as messaging
from yuanxin.messaging import rules
from yuanxin.messaging.queries import shipped
from yuanxin.messaging.tests import make
from yuanxin.published.codes import MessageClass

MORNING = wall("2026-11-24 09:10")


def save(text_zh: str, text_en: str) -> None:
    with transaction.atomic(), scope("*"), acting.acting_as(acting.system("test", scope="*")):
        messaging.save_template(
            template_code="appointment-booked", message_class=MessageClass.PROMISE, text_zh=text_zh, text_en=text_en
        )


def test_every_shipped_template_speaks_both_languages_with_the_same_parameters() -> None:
    for words in shipped().values():
        rules.check_template(words.text_zh, words.text_en)


def test_the_words_of_headquarters_replace_the_shipped_ones_in_every_city(foshan: str) -> None:
    save("预约成功{number}", "Booked {number}")
    cause = "work_order:x"
    make.message(at=MORNING, cause=cause)
    assert messaging.messages_about(cause)[0].text == "预约成功W4406260000001"
    assert {words.code for words in messaging.templates()} == set(shipped())


def test_languages_that_differ_are_refused(foshan: str) -> None:
    with pytest.raises(messaging.TemplateLanguagesDiffer):
        save("预约成功{number}", "Booked")


def test_words_that_name_what_nobody_gives_are_refused(foshan: str) -> None:
    with pytest.raises(messaging.TemplateParameterUnknown) as refused:
        save("预约{number}{weather}", "Booked {number}{weather}")
    assert refused.value.params == {"parameters": "weather"}


@pytest.mark.parametrize(("text_zh", "text_en", "field"), [(" ", "Booked", "text_zh"), ("预约成功", "", "text_en")])
def test_empty_words_are_refused_at_their_field(foshan: str, text_zh: str, text_en: str, field: str) -> None:
    with pytest.raises(messaging.TextEmpty) as refused:
        save(text_zh, text_en)
    assert refused.value.field == field


def test_a_city_does_not_change_the_words(foshan: str) -> None:
    with pytest.raises(messaging.HeadquartersOnly):
        messaging.save_template(
            template_code="appointment-booked", message_class=MessageClass.PROMISE, text_zh="预约", text_en="Booked"
        )
