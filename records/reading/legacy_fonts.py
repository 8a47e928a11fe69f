"""Text typed in a Vietnamese font of before Unicode (TCVN3, called ABC, or VNI), as Unicode programs see it.

Both encodings reuse Latin-1 characters, so a cell is recognised by its words: a word speaks for an encoding
when it is no Vietnamese syllable as it stands and becomes one after conversion. A cell whose words are syllables
either way ("Hê A Chí") is left alone: nothing in it says that it is anything but Unicode.
"""

import re
import unicodedata
from functools import lru_cache

_TCVN3_LETTERS = (
    "µà¶ả·ã¸á¹ạ¨ă»ằ¼ẳ½ẵ¾ắÆặ©âÇầÈẩÉẫÊấËậ®đÌèÎẻÏẽÐéÑẹªêÒềÓểÔễÕếÖệ×ìØỉÜĩÝíÞịßòáỏâõãóäọ«ôåồæổçỗèốéộ"
    "¬ơêờëởìỡíớîợïùñủòũóúôụ\xadưõừöử÷ữøứùựúỳûỷüỹýýþỵ¡Ă¢Â£Ê¤Ô¥Ơ¦Ư§Đ"
)
_TCVN3 = str.maketrans(dict(zip(_TCVN3_LETTERS[::2], _TCVN3_LETTERS[1::2], strict=True)))

# VNI writes a mark after the base letter; a few letters are a character of their own.
_VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_CIRCUMFLEX = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì"}
# After a vowel these also occur in French ("Anaïs", "Raphaël", "où"): weak evidence alone.
_FRENCH_AFTER_VOWEL = frozenset("ïëüéù")

_TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"
_ONSET_LIST = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q r s t th tr v x hm"
_ONSETS = ("", *_ONSET_LIST.split())
_RIME_LIST = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êc êch êm ên êng ênh êp êt êu
    i ich im in inh ip it iu ia iêc iêm iên iêng iêp iêt iêu
    o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt
    oe oen oeo oet oong ooc ô ôc ôi ôm ôn ông ôp ôt
    ơ ơi ơm ơn ơng ơp ơt u uc ui um un ung up ut ua uôc uôi uôm uôn uông uôt
    uy uych uyn uynh uyt uyu uyp uya uyên uyêt uê uêch uên uênh uơ uân uâng uât uây
    ư ưc ưi ưm ưn ưng ưt ưu ưa ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu"""
_RIMES = frozenset(_RIME_LIST.split())
_QU_RIME_LIST = "uac uach uai uan uang uanh uao uat uau uay uăc uăm uăn uăng uăp uăt ue uen ueo uet uit uôc uêt"
_RIMES_AFTER_Q = _RIMES | frozenset(_QU_RIME_LIST.split())
_STOP_CODA = re.compile(r"(?:[cpt]|ch)$")
# A tone never stands on a closing i, y, u or o ("Thaù"), but does in "uy".
_TONED_GLIDE = re.compile(rf"[aeoêôơâăiyưu][\u0302\u0306\u031b]?[iyuo][{_TONE_MARKS}]$")
_CAPITAL_INSIDE = re.compile(r"[a-z][À-Þ]")
_BEYOND_LATIN_1 = re.compile("[\u0100-\u1fff]")
_WORD = re.compile(r"[^\s,.;:/()\[\]\-'’‘\"_0-9+&?!]+")


def _vni_pairs() -> dict[str, str]:
    pairs: dict[str, str] = dict(_VNI_SINGLE)
    for base, letter in (*((v, v) for v in "aeouy"), ("ô", "ơ"), ("ö", "ư")):
        pairs.update({base + mark: letter + tone for mark, tone in _VNI_TONES.items()})
    for base in "aeo":
        pairs.update({base + mark: base + "\u0302" + tone for mark, tone in _VNI_CIRCUMFLEX.items()})
    pairs.update({"a" + mark: "a\u0306" + tone for mark, tone in _VNI_BREVE.items()})
    pairs = {source: unicodedata.normalize("NFC", target) for source, target in pairs.items()}
    for source, target in list(pairs.items()):
        pairs[source.upper()] = target.upper()
        if len(source) == 2:
            pairs[source[0].upper() + source[1]] = target.upper()
    return pairs


_VNI = _vni_pairs()
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))


@lru_cache(maxsize=16384)
def _rime(word: str) -> str | None:
    """The rime (vowels and coda, no tone) of a Vietnamese syllable, in lower case; None when it is no syllable."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    if "n\u0303" in decomposed:  # ñ is đ in VNI; Vietnamese puts no tone on a consonant
        return None
    tones = [char for char in decomposed if char in _TONE_MARKS]
    if len(tones) > 1 or (_TONED_GLIDE.search(decomposed) and not decomposed[:-1].endswith("uy")):
        return None
    plain = unicodedata.normalize("NFC", "".join(char for char in decomposed if char not in _TONE_MARKS))
    for onset in _ONSETS:
        rime = plain[len(onset) :]
        known = _RIMES_AFTER_Q if onset == "q" else _RIMES
        if plain.startswith(onset) and rime in known:
            stopped = _STOP_CODA.search(rime) is not None
            if not stopped or not tones or tones[0] in "\u0301\u0323":
                return rime
    return None


def _from_tcvn3(word: str) -> str:
    return word.translate(_TCVN3)


def _from_vni(word: str) -> str:
    return _VNI_PATTERN.sub(lambda match: _VNI[match.group()], word)


def _weak(word: str, converted: str) -> bool:
    """A lone VNI word that could as well be French: only marks that French has, and an ending that it has."""
    marks = [char for char in word if not char.isascii()]
    rime = _rime(converted) or ""
    return all(char in _FRENCH_AFTER_VOWEL for char in marks) and not rime.endswith(("ng", "nh", "ch", "m", "p", "t"))


def _word_speaks(word: str, converted: str) -> int:
    """1 for the encoding, -1 against it, 0 neither."""
    if converted == word:
        return 0 if _rime(word) else -1
    # A capital inside a word ("GiÕng", "TrÇn") is how TCVN3 looks, never how Vietnamese is written.
    before = _rime(word) is not None and not _CAPITAL_INSIDE.search(word)
    after = _rime(converted) is not None
    if len(word) == 1:
        return 0 if before else -1
    if not before and (after or (word[0] == "§" and word[1].isascii() and word[1].isalpha())):
        return 1
    return 0 if before and after else -1


def may_be_legacy(word: str) -> bool:
    """Whether a tidied word is worth asking `from_legacy` about: only a text with such a word is ever converted."""
    if word.isascii() or _BEYOND_LATIN_1.search(word):
        return False
    return _rime(word) is None or _CAPITAL_INSIDE.search(word) is not None


def from_legacy(text: str) -> str | None:
    """Unicode text of a cell typed in TCVN3 or VNI; None when nothing shows that it is one of the two.

    Each word is converted, unless conversion is what makes it impossible (cells typed half and half).
    """
    if text.isascii():
        return None
    text = unicodedata.normalize("NFC", text)
    if _BEYOND_LATIN_1.search(text):
        return None
    return _best_conversion(text)


@lru_cache(maxsize=16384)
def _best_conversion(text: str) -> str | None:
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    best: tuple[int, str] | None = None
    for convert in (_from_tcvn3, _from_vni):
        spoken = [(word, convert(word)) for word in words]
        votes = [_word_speaks(word, converted) for word, converted in spoken]
        if convert is _from_vni and votes.count(1) == 1:
            word, converted = spoken[votes.index(1)]
            if _weak(word, converted):
                continue
        score = sum(votes)
        if votes.count(1) and score > 0 and (best is None or score > best[0]):
            best = (score, _convert(text, dict(spoken)))
    return best[1] if best else None


def _convert(text: str, converted: dict[str, str]) -> str:
    def replace(match: re.Match[str]) -> str:
        word = match.group()
        new = converted.get(word, word)
        spoiled = _rime(word) and not _rime(new) and not _CAPITAL_INSIDE.search(word)
        return word if spoiled else new

    result = _WORD.sub(replace, text)
    # A TCVN3 capital font (.VnTimeH) draws small letters as capitals: "NGUYÔN" means NGUYỄN.
    ascii_letters = [char for char in text if char.isascii() and char.isalpha()]
    if any(re.search(r"[A-Z].*[A-Z]", word) for word in _WORD.findall(text)) and all(map(str.isupper, ascii_letters)):
        result = result.upper()
    return unicodedata.normalize("NFC", result)
