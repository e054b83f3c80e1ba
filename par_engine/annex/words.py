"""The words by which rule sentences are told apart: phrases that say something, and words that say nothing."""

SURVEY = (
    "điều tra xã hội học",
    "khảo sát",
    "phiếu điều tra",
    "xác định qua điều tra",
    "theo kết quả điều tra",
    "điều tra xhh",
)
ONE = ("chọn một trong các mức", "chọn một mức", "chỉ chọn một", "một trong các mức")
SUM = (
    "cộng điểm các nội dung",
    "tính điểm cộng dồn",
    "cộng dồn điểm",
    "cộng điểm từng nội dung",
    "tổng điểm các nội dung",
    "điểm cộng các nội dung",
)
HEADS = ("cách tính điểm", "thang điểm", "cách chấm điểm", "điểm đánh giá", "tính điểm như sau", "trong đó")
REST = {
    "còn lại",
    "thấp hơn",
    "các trường hợp còn lại",
    "trường hợp khác",
    "mức còn lại",
    "không đạt",
    "dưới mức trên",
}
REST |= {"các trường hợp khác", "trường hợp còn lại", "dưới mức này", "không đạt mức trên", "không đạt các mức trên"}
NOTHING = {"không phát sinh", "mẫu số bằng không", "mẫu số bằng 0", "không có phát sinh"}
OVER = {"vượt 100 tính bằng 100": "cap", "vượt 100 không chấp nhận": "refuse", "vượt 100 được tính": "allow"}
NO = ("không", "chưa")

# Words that every clause may have or not without meaning something else; conditions that must be shared by all; and
# qualities that one clause must not have alone.
EMPTY = {
    "hoàn",
    "thành",
    "đạt",
    "thực",
    "hiện",
    "tỷ",
    "tỉ",
    "lệ",
    "có",
    "số",
    "được",
    "thì",
    "nếu",
    "kết",
    "quả",
    "của",
    "các",
    "những",
    "mức",
    "trong",
    "là",
    "so",
    "với",
    "tổng",
    "năm",
    "điểm",
    "từ",
    "trường",
    "hợp",
    "còn",
    "lại",
}
HARD = {"hoặc", "nhưng", "ngoài", "song"}
LATE = {"muộn", "chậm", "trễ"}
GROWTH = {"không", "hoặc", "kể", "cả", "bằng", "trước", "tốc", "độ"}
OPPOSED = (("trước", "sau"), ("đúng", "sai"), ("đúng", "chậm"), ("đúng", "muộn"), ("đủ", "thiếu"), ("kịp", "chậm"))
GROW, FALL, BEYOND = {"tăng"}, {"giảm"}, {"vượt"}
DIVISIBLE = {"điểm", "đồng", "ha", "km", "giờ", "tấn", "kg", "mét"}  # between 79 and 80 of them lies something
TARGET = {"chỉ", "kế", "dự", "mức", "từ", "dưới", "trên"}  # what follows "vượt" when it means beyond a target
NOT_MORE = {
    "không tăng",
    "không tăng hoặc giảm",
    "giảm hoặc không tăng",
    "bằng hoặc giảm",
    "bằng hoặc thấp hơn",
    "không cao hơn",
}
