from yuanxin.kernel.insert import insert_once
from yuanxin.kernel.models import SavedFilter


def kept(name: str, query: str) -> bool:
    return insert_once(SavedFilter(listing="l", owner="staff:1", sharing="private", unit="", name=name, query=query))


def test_a_row_is_inserted_once_and_the_first_one_stays(foshan: str) -> None:
    assert kept("late", "colour=red")
    assert not kept("late", "colour=green")
    assert kept("soon", "colour=amber")
    row = SavedFilter.objects.get(name="late")
    assert (row.query, row.city_code) == ("colour=red", "4406")
