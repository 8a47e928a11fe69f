"""Text as a machine with a Vietnamese font of before Unicode stored it: TCVN3 (ABC) and VNI."""


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


# Each Unicode letter and the character whose place it took.
_TCVN3 = _pairs(
    "à=µ ả=¶ ã=· á=¸ ạ=¹ ă=¨ ằ=» ẳ=¼ ẵ=½ ắ=¾ ặ=Æ â=© ầ=Ç ẩ=È ẫ=É ấ=Ê ậ=Ë đ=® è=Ì ẻ=Î ẽ=Ï é=Ð ẹ=Ñ "
    "ê=ª ề=Ò ể=Ó ễ=Ô ế=Õ ệ=Ö ì=× ỉ=Ø ĩ=Ü í=Ý ị=Þ ò=ß ỏ=á õ=â ó=ã ọ=ä ô=« ồ=å ổ=æ ỗ=ç ố=è ộ=é ơ=¬ ờ=ê "
    "ở=ë ỡ=ì ớ=í ợ=î ù=ï ủ=ñ ũ=ò ú=ó ụ=ô ừ=õ ử=ö ữ=÷ ứ=ø ự=ù ỳ=ú ỷ=û ỹ=ü ý=ý ỵ=þ Đ=§ Ă=¡ Â=¢ Ê=£ Ô=¤ Ơ=¥ Ư=¦"
) | {"ư": "\xad"}
# VNI keeps the plain letter and writes the mark as a character behind it.
_VNI = _pairs(
    "à=aø á=aù ả=aû ã=aõ ạ=aï è=eø é=eù ẻ=eû ẽ=eõ ẹ=eï ò=oø ó=où ỏ=oû õ=oõ ọ=oï ù=uø ú=uù ủ=uû ũ=uõ ụ=uï "
    "â=aâ ấ=aá ầ=aà ẩ=aå ẫ=aã ậ=aä ê=eâ ế=eá ề=eà ể=eå ễ=eã ệ=eä ô=oâ ố=oá ồ=oà ổ=oå ỗ=oã ộ=oä "
    "ă=aê ắ=aé ằ=aè ẳ=aú ẵ=aü ặ=aë ơ=ô ớ=ôù ờ=ôø ở=ôû ỡ=ôõ ợ=ôï ư=ö ứ=öù ừ=öø ử=öû ữ=öõ ự=öï "
    "đ=ñ Đ=Ñ ì=ì í=í ỉ=æ ĩ=ó ị=ò ỳ=yø ý=yù ỷ=yû ỹ=yõ ỵ=î"
)


def in_tcvn3(text: str) -> str | None:
    return _in(text, _TCVN3)


def in_vni(text: str) -> str | None:
    return _in(text, _VNI)


def _in(text: str, letters: dict[str, str]) -> str | None:
    """None when a letter has no place in the encoding (capitals with tone marks have a font of their own)."""
    if any(not char.isascii() and char not in letters for char in text):
        return None
    return "".join(letters.get(char, char) for char in text)


def is_recognisable(text: str) -> bool:
    """Whether a character shows the encoding: "Soàng Thò" may be VNI, or what it seems; "Baïc" may be French."""
    return any(not char.isascii() and char.lower() not in _TCVN3 and char not in "ïëü" for char in text)
