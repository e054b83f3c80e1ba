"""No award for a fault: signs, words that take away, points that are not said, formulas that contradict themselves."""

from fractions import Fraction as F

import pytest

pytest.importorskip("lark")

from annexes import shown

from par_engine.annex.readings import Doubt, Reading
from par_engine.annex.rule_reading import read_rule

ASKED = [
    (1, "Nộp trễ: -0,5 điểm ¶ Không nộp: -1 điểm", "dấu trừ trước số điểm: “Nộp trễ: -0,5 điểm”"),
    (2, "Có sai phạm: –2 điểm", "dấu trừ trước số điểm: “Có sai phạm: –2 điểm”"),
    (2, "Có sai phạm: −2đ", "dấu trừ trước số điểm: “Có sai phạm: −2đ”"),
    (2, "Bị phê bình - 2 điểm", "dấu trừ trước số điểm: “Bị phê bình - 2 điểm”"),
    (1, "Nộp muộn -1đ", "dấu trừ trước số điểm: “Nộp muộn -1đ”"),
    (2, "Nếu sai phạm thì mất 2 điểm", "nhiều câu trừ điểm, hay trừ vào đâu?"),
    (2, "Không gửi: mất 2 điểm", "nhiều câu trừ điểm, hay trừ vào đâu?"),
    (1, "Đúng hạn: 1; trễ: trừ 0,5; không nộp: trừ 1", "nhiều câu trừ điểm, hay trừ vào đâu?"),
    (1, "Đúng hạn: 1; trễ: bớt 0,5", "câu nói về mất, giảm hay trừ điểm: “trễ: bớt 0,5”"),
    (2, "Có sai phạm: trừ toàn bộ 2 điểm", "câu nói về mất, giảm hay trừ điểm: “Có sai phạm: trừ toàn bộ 2 điểm”"),
    (2, "Trễ thì không được 2 điểm", "câu phủ nhận số điểm: “Trễ thì không được 2 điểm”"),
    (2, "Cao nhất 2 điểm", "không nói rõ được mấy điểm: “Cao nhất 2 điểm”"),
    (2, "Tùy mức độ: 2 điểm", "không nói rõ được mấy điểm: “Tùy mức độ: 2 điểm”"),
    (1, "Thực hiện tốt: từ 0,5 đến 1 điểm", "số điểm là một khoảng: “Thực hiện tốt: từ 0,5 đến 1 điểm”"),
    (1, "Thực hiện tốt: 0,5 - 1 điểm", "số điểm là một khoảng: “Thực hiện tốt: 0,5 - 1 điểm”"),
    (2, "Bị phê bình: 2 điểm", "cho điểm cao nhất cho “Bị phê bình”?"),
    (1, "Không thực hiện: 1; thực hiện: 0", "cho điểm cao nhất cho “Không thực hiện”?"),
    (1, "Trễ hạn: 0,5 ¶ Có kế hoạch: 0,5", "cho điểm cao nhất cho “Trễ hạn”?"),
    (2, "Không có đơn thư: 2", "cho điểm cho “Không có đơn thư”?"),
    (1, "Hồ sơ trễ từ 5% trở lên: 1; dưới 5%: 0", "điểm ngược chiều với “trễ”?"),
    (2, "Có từ 03 vụ vi phạm trở lên: 2; dưới 03 vụ vi phạm: 0", "điểm ngược chiều với “vi phạm”?"),
    (1, "Tỷ lệ hài lòng dưới 50%: 1; tỷ lệ hài lòng từ 50% trở lên: 0", "điểm ngược chiều với “hài lòng”?"),
    (1, "(a/b) x điểm tối đa", "không hiểu công thức"),
    (1, "(a/b) x điểm tối đa. Trong đó: a là số việc xong; b là tổng số việc; c là hệ số", "không hiểu công thức"),
    (2, "Điểm = (tỷ lệ % năm nay - tỷ lệ % năm trước) x điểm tối đa", "không hiểu công thức"),
    (2, "Điểm = (tỷ lệ % cấp xã + tỷ lệ % cấp huyện) x điểm tối đa", "không hiểu công thức"),
    (1, "Từ 8090% trở lên: 1; dưới 8090%: 0", "tỷ lệ vượt xa 100%"),
    (1, "Từ 80% trở lên: 1; dưới 80%: 0 ¶ Lưu ý: hồ sơ trễ thì trừ 0,5 điểm", None),
    (1, "Từ 80% trở lên: 1; dưới 80%: 0 ¶ Số liệu lấy từ báo cáo, không quá 3 kỳ", None),
    (2, "Mỗi sáng kiến được 0,5 điểm, tối đa 2 sáng kiến", None),
    (
        2,
        "Nộp từ 1/3 đến 5/3: 2 ¶ Nộp sau 5/3: 0",
        "phân số hay ngày tháng? Hãy viết “từ 2/3 tổng số … trở lên”, “dưới 2/3”, hoặc viết bằng phần trăm: "
        "“Nộp từ 1/3 đến 5/3: 2”",
    ),
    (1, "Từ 1/3: 1; còn lại: 0", None),
    (
        1,
        "Quy tắc riêng bands: từ 80% trở lên: 1 ¶ dưới 80%: 0",
        "quy tắc riêng, không viết được bằng câu của phụ lục: “Quy tắc riêng bands: từ 80% trở lên: 1”",
    ),
    (1, "Đạt 2/3 số điểm: 1; còn lại: 0", None),
    (1, "Trên 2/3 đến 3/3: 1; dưới 2/3: 0", None),
    (1, "Mỗi 1/3 số xã được 1 điểm; còn lại: 0", None),
    (1, "Từ 2/3 số xã trở lên vi phạm: 1; dưới 2/3: 0", None),
    (1, "Đạt hai phần ba số xã: 1; còn lại: 0", None),
    (
        1,
        "Từ 80% trở lên: 1; từ 50% đến dưới 80%: 0,5",
        "không nói dưới mức thấp nhất thì mấy điểm: nếu là 0, thêm dòng “Còn lại: 0”",
    ),
]
READ = [
    (2, "Không có sai phạm: 2 điểm; có sai phạm: mất 2 điểm", "choice 2 0"),
    (2, "Thực hiện đủ: 2 ¶ Có lỗi nhẹ: giảm 0,5 điểm ¶ Có lỗi nặng: 0", "choice 2 1.5 0"),
    (2, "Từ 80% trở lên: 2 ¶ Dưới 80%: trừ 1 điểm", "share 1; 0.8 2"),
    (1, "Ban hành kịp thời - 1 điểm; ban hành sau quý I - 0 điểm", "choice 1 0"),
    (1, "Tỷ lệ hoàn thành (%) x 1 điểm", "share 0..1; 1 1"),
    (6, "Điểm = Tỷ lệ % × 6", "share 0..6; 1 6"),
    (1, "[Tỷ lệ % hoàn thành x điểm tối đa]/[100%]", "share 0..1; 1 1"),
    (1, "Từ 80% trở lên: +1 ¶ Dưới 80%: +0", "share 0; 0.8 1"),
    (1, "Từ 80% trở lên: 1 ¶ Dưới 80%: không chấm điểm", "share 0; 0.8 1"),
    (1, "Mỗi báo cáo trễ trừ 0,25 điểm ¶ Không dưới 0 điểm", "deduction 0.25 floor 0"),
    (2, "Mỗi trường hợp trừ 0,5 điểm ¶ Trừ tối đa 1 điểm", "deduction 0.5 floor 1"),
    (1, "Cấp tỉnh: 1 ¶ Cấp huyện: 0,5 ¶ Chỉ tính mức cao nhất", "choice 1 0.5"),
    (1, "Vi phạm được xử lý từ 80% trở lên: 1; dưới 80%: 0", "share 0; 0.8 1"),
    (1, "Tỷ lệ trễ hạn từ 5% trở lên: 0; tỷ lệ trễ hạn dưới 5%: 1", "share 1; 0.05 0"),
    (2, "Từ 3/4 số xã trở lên: 2 ¶ Dưới 3/4: 0", "share 0; 0.75 2"),
    (1, "≥ 2/3: 1 ¶ < 2/3: 0", "share 0; 2/3 1"),
    (1, "Trên ⅔ số xã: 1; từ ⅓ đến không quá 2 / 3 số xã: 0,5; còn lại: 0", "share 0; 1/3 0.5; >2/3 1"),
    (1, "Từ 2/3 trở lên: 1; từ 1/3 đến dưới 2/3: từ 0,5 tăng dần đến 1; dưới 1/3: 0", "share 0; 1/3 0.5..1; 2/3 1"),
    (1, "Tăng từ 1/3 trở lên: 1 ¶ Tăng dưới 1/3: 0,5 ¶ Không tăng: 0", "change 0; >0 0.5; 1/3 1"),
    (1, "Ban hành từ 15/01 đến 31/01: 1 ¶ Ban hành sau 31/01: 0", "choice 1 0"),
]


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("¶")]


@pytest.mark.parametrize(("top", "said", "why"), ASKED, ids=[said for _, said, _ in ASKED])
def test_asked(top: int, said: str, why: str | None) -> None:
    read = read_rule(lines(said), F(top))
    assert isinstance(read, Doubt), shown(read)
    assert why in (None, read.vi)
    assert read.en and read.en != read.vi


@pytest.mark.parametrize(("top", "said", "expected"), READ, ids=[said for _, said, _ in READ])
def test_read(top: int, said: str, expected: str) -> None:
    assert shown(read_rule(lines(said), F(top))) == expected


@pytest.mark.parametrize(
    "tail",
    [
        "Số liệu lấy từ hệ thống báo cáo của Bộ",
        "Nguồn số liệu: Sở Tài chính",
        "Không tính hồ sơ đã rút",
        "Ghi chú: theo Quyết định số 12/QĐ-BNV",
        "Tài liệu kiểm chứng: báo cáo của đơn vị",
    ],
)
def test_a_harmless_tail_is_set_aside_and_shown(tail: str) -> None:
    read = read_rule(["Từ 80% trở lên: 1", "Dưới 80%: 0", f"{tail}."], F(1))
    assert isinstance(read, Reading)
    assert (shown(read), read.aside) == ("share 0; 0.8 1", (tail,))


def test_a_fraction_in_a_question_is_written_as_it_is() -> None:
    double = read_rule(["Từ 2/3 số xã trở lên: 1", "Không quá 2/3 số xã: 0"], F(1))
    assert isinstance(double, Doubt)
    assert (double.vi, double.en) == ("hai mức cùng nhận 2/3", "two levels hold at 2/3")
