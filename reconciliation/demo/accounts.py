"""The people who use the demo: invented, at least one for each role of the contract (section 5)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    """`commune`: code of the own commune; None where the account is the district's or higher."""

    username: str
    full_name: str
    role: str
    commune: str | None = None


_LANG_CHEU, _HANG_DONG, _BAC_YEN = "03874", "03869", "03856"

ACCOUNTS = (
    Account("quantri", "Nguyễn Minh Quân", "admin"),
    Account("phong.huong", "Hà Thị Hương", "district_officer"),
    Account("phong.tuan", "Lò Văn Tuấn", "district_officer"),
    Account("ldtbxh.langcheu", "Mùa A Sình", "commune_officer", _LANG_CHEU),
    Account("ldtbxh2.langcheu", "Giàng Thị Mai", "commune_officer", _LANG_CHEU),
    Account("congan.langcheu", "Thào A Cường", "commune_police", _LANG_CHEU),
    Account("tuphap.langcheu", "Sồng Thị Linh", "commune_justice", _LANG_CHEU),
    Account("ldtbxh.hangdong", "Phàng A Lử", "commune_officer", _HANG_DONG),
    Account("congan.hangdong", "Vàng A Mạnh", "commune_police", _HANG_DONG),
    Account("tuphap.hangdong", "Hờ Thị Hoa", "commune_justice", _HANG_DONG),
    Account("ldtbxh.bacyen", "Cầm Thị Duyên", "commune_officer", _BAC_YEN),
    Account("congan.bacyen", "Đinh Quang Thắng", "commune_police", _BAC_YEN),
    Account("tuphap.bacyen", "Lường Thu Trang", "commune_justice", _BAC_YEN),
    Account("congan.huyen", "Hoàng Đức Long", "district_police"),
    Account("tuphap.huyen", "Phạm Thanh Hà", "district_justice"),
    Account("doantn.langcheu", "Lầu A Páo", "collaborator", _LANG_CHEU),
    Account("lanhdao.huyen", "Trần Đức Thành", "leader"),
    Account("lanhdao.langcheu", "Hạng A Dia", "leader", _LANG_CHEU),
    Account("so.ldtbxh", "Vũ Ngọc Anh", "province_viewer"),
    Account("kythuat", "Bùi Minh Hiếu", "technical_support"),
)
