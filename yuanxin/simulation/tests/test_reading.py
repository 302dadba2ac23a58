"""A page is read as its reader sees it."""

from yuanxin.simulation.checking.reading import Reading, untranslated

PAGE = """<!doctype html><html lang="zh-hans"><head><title>some_code here</title></head><body>
<a href="/service/">客服</a><div data-live="/live/part/" aria-label="raw_label"></div><img alt="图"><br>
<p>原因 no_internet，编号 <code>F-FAULT no_code_here</code></p><p>The page forgot this whole sentence</p>
<p lang="en">This one is meant to be English</p><script>let not_seen = 1</script>
<p>OLT 0001, TM Forum Open APIs</p><a href="/t/a_b/">T0001</a> <span translate="no">kept_as_it_is</span>
<p>a@b_c.example.com /path/with_code/ T20260001</p></body></html>"""


def test_addresses_are_those_of_links_and_live_parts() -> None:
    assert Reading(PAGE).addresses == ["/service/", "/live/part/", "/t/a_b/"]


def test_codes_and_sentences_are_found_and_quoted_ones_are_not() -> None:
    found = set(untranslated(Reading(PAGE).words))
    assert found == {"raw_label", "no_internet", "The page forgot this whole sentence"}
