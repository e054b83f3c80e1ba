"""Publishing with the engine alone: order of names, packed sentences, inert data, addresses of cells."""

import json
import random
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import BASE, T, document, leaf

import par_engine as par
from par_engine.base.collation import sort_key
from par_engine.publish.data import page_data
from par_engine.publish.facts import Pool, Sentences
from par_engine.publish.page import inert, page
from par_engine.publish.sheet import at
from par_engine.publish.texts import safe

ORDER = [
    *(
        "An Giang",
        "Bà Rịa - Vũng Tàu",
        "Bạc Liêu",
        "Bắc Giang",
        "Bắc Kạn",
        "Bắc Ninh",
        "Bến Tre",
        "Bình Dương",
        "Cà Mau",
    ),
    *("Cao Bằng", "Cần Thơ", "Dương", "Đà Nẵng", "Đắk Lắk", "Điện Biên", "Đồng Nai", "Hà Giang", "Hà Nam", "Hà Nội"),
    *("Hải Dương", "Hải Phòng", "Hậu Giang", "Hòa Bình", "Hưng Yên", "ma", "mà", "mả", "mã", "má", "mạ", "Nghệ An"),
    *("Quận 2", "Quận 10", "Sơn La", "Tây Ninh", "Thái Bình", "Thanh Hóa", "Thừa Thiên Huế", "Yên Bái"),
]


def test_names_are_in_the_order_of_the_alphabet() -> None:
    mixed = [name for name in ORDER if not name.startswith("Quận")]
    wanted = list(mixed)
    random.Random(3).shuffle(mixed)
    assert sorted(mixed, key=sort_key) == wanted
    assert sorted(map(str.upper, mixed), key=sort_key) == [name.upper() for name in wanted]
    assert sort_key("Hà Nội") == sort_key(unicodedata.normalize("NFD", "HÀ  NỘI"))


@given(st.lists(st.text(), max_size=6))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    once = sorted(names, key=sort_key)
    turned = once[::-1]
    assert sorted(turned, key=sort_key) == once or len({sort_key(name) for name in names}) < len(names)


@given(st.lists(st.one_of(st.integers(0, 10**20).map(str), st.sampled_from(["0.5", "00", "1.50", " / ", "×", "điểm"]))))
def test_a_packed_sentence_is_read_back_letter_by_letter(parts: list[str]) -> None:
    en = " ".join(parts)
    vi = re.sub(r"(?<=\d)\.(?=\d)", ",", en)
    pool = Sentences()
    place, *numbers = json.loads(json.dumps(pool.pack(vi, en)))

    def read(side: int, comma: bool) -> str:
        words = pool.values[place][side]
        shown = [str(n).replace(".", ",") if comma else str(n) for n in numbers] + [""]
        return "".join(word + number for word, number in zip(words, shown, strict=False))

    assert (read(0, True), read(1, False)) == (vi, en)


def test_equal_values_are_kept_once() -> None:
    pool = Pool()
    assert [pool.add(x) for x in (["a"], ["b"], ["a"], 1, "1")] == [0, 1, 0, 2, 3]


@given(st.text())
def test_data_in_a_page_is_inert(text: str) -> None:
    written = inert({"x": text})
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {"x": text}


@pytest.mark.parametrize(
    ("place", "address"), [((0, 0), "A1"), ((4, 25), "Z5"), ((4, 26), "AA5"), ((0, 701), "ZZ1"), ((0, 702), "AAA1")]
)
def test_addresses_of_cells(place: tuple[int, int], address: str) -> None:
    assert at(*place) == address


def test_text_that_no_office_document_holds_is_left_out() -> None:
    assert safe("a\x00\x0b\ud800b\tc\r\nd\ufffe") == "ab c\nd"


def test_marks_that_turn_letters_around_are_left_out() -> None:
    assert safe("Hà \u202eiộN\u202c \u2066x\u2069\u200f") == "Hà iộN x"


@pytest.mark.parametrize(
    ("done", "median"), [([1], "25.00"), ([1, 2], "37.50"), ([4, 1, 2], "50.00"), ([4, 1, 3, 2], "62.50"), ([], "")]
)
def test_the_median_is_in_the_middle_or_between_the_two(done: list[int], median: str) -> None:
    item = leaf("1", "4", {"name": "given", "fact": "f"})
    facts = {"f": {"type": "decimal", "decimals": 2, "title": {"vi": "f", "en": "f"}}}
    methodology = par.from_document(document([item], facts, "4"))
    units = [{"unit": f"u{i}", "facts": {"f": str(x)}} for i, x in enumerate(done)]
    units += [] if units else [{"unit": "u", "outcomes": {"1": {"outcome": "pending", "why": "x"}}}]
    assessment = methodology.assess({"methodology": methodology.id, "stage": "x", "units": units})
    assert page_data(assessment, (), None, ())["median"] == median


def test_documents_of_an_item_with_parts_are_in_the_page() -> None:
    items = [
        {"code": "1", "title": T, "max": "2", **BASE},
        leaf("1.1", "2", {"name": "given", "fact": "f"}, parent="1"),
    ]
    facts = {"f": {"type": "decimal", "decimals": 2, "title": T}}
    methodology = par.from_document(document(items, facts, "2"))
    units = [{"unit": "u", "facts": {"f": "1"}, "documents": {"1": [{"number": "7"}], "1.1": [{"number": "8"}]}}]
    data = page_data(methodology.assess({"methodology": methodology.id, "stage": "x", "units": units}), (), None, ())
    assert data["units"][0]["d"] == {"1": [{"number": "7"}], "2": [{"number": "8"}]}


def test_a_page_needs_the_engine_alone() -> None:
    item = leaf("1", "2", {"name": "given", "fact": "f"})
    facts = {"f": {"type": "decimal", "decimals": 2, "title": {"vi": "f", "en": "f"}}}
    methodology = par.from_document(document([item], facts, "2"))
    unit = "</script><b>&\u2028"
    data = page(methodology.assess({"methodology": methodology.id, "stage": unit, "units": [{"unit": "one"}]}))
    text = data.decode()
    assert text.count("<script") == 2 and text.count("</script>") == 2 and "<b>" not in text.partition("<style>")[0]
    assert "default-src &#x27;none&#x27;; script-src &#x27;sha256-" in text
    assert not re.search(r"(?:src|href)=\"?(?:https?:|//)", text)
    assert data == page(methodology.assess({"methodology": methodology.id, "stage": unit, "units": [{"unit": "one"}]}))
