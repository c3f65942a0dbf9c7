"""Whether a person could be known by a face in the images, or made of them.

Clean Recognizable Visual Features (PS3.15 E.3.2) is not done here: an image that can
show a face is marked, or stays.
"""

import re
from enum import StrEnum
from typing import Final

from viewer.core.folding import folded
from viewer.core.image_kinds import MODALITY_KINDS, Kind, kind_of


class FaceRisk(StrEnum):
    """How likely it is."""

    NONE = "none"  # another part of the body, or no kind of image that shows one
    POSSIBLE = "possible"  # nobody says which part of the body it is
    LIKELY = "likely"


_HEAD: Final = (
    *("head", "brain", "skull", "face", "facial", "cranium", "cranial", "cerebral"),
    *("orbit", "orbita", "sinus", "sinuses", "jaw", "mandible", "maxilla", "tmj"),
    *("iac", "temporal", "petrous", "pituitary", "sella", "eye", "ear", "nose"),
    *(
        "neck",
        "headneck",
        "wholebody",
        "whole body",
        "neuro",
        "dental",
        "teeth",
        "tooth",
    ),
    *("schadel", "kopf", "hirn", "gehirn", "gesicht", "hals", "nnh", "orbitae"),
    *("kiefer", "zahn", "cct", "cmrt", "nase", "auge", "ohr", "ganzkorper"),
    *("tete", "crane", "cerveau", "cerebrale", "visage", "cou", "machoire"),
    *("cabeza", "craneo", "cerebro", "cara", "cuello", "cabeca", "cranio", "testa"),
    *("encefalo", "cerebral", "volto", "collo", "cervello", "hersenen", "hoofd"),
    *("mprage", "flash3d", "tof", "dti", "fmri", "bold"),
)
_ELSEWHERE: Final = (
    *("abdomen", "abdominal", "chest", "thorax", "lung", "heart", "cardiac", "breast"),
    *("pelvis", "prostate", "hip", "knee", "ankle", "foot", "leg", "thigh", "femur"),
    *("hand", "wrist", "elbow", "shoulder", "arm", "finger", "toe", "lspine"),
    *("tspine", "ssspine", "lumbar", "liver", "kidney", "pancreas", "spleen", "colon"),
    *("rectum", "uterus", "bladder", "extremity", "tibia", "humerus", "calcaneus"),
    *("becken", "lunge", "herz", "leber", "niere", "knie", "fuss", "schulter", "lws"),
    *("bws", "hufte", "brust", "bauch", "poumon", "genou", "bassin", "epaule", "foie"),
    *("torax", "rodilla", "cadera", "pulmon", "higado", "ginocchio", "bacino"),
    *("fegato", "phantom"),
)


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{'|'.join(sorted(set(words)))})(?![a-z])")


_SAYS_HEAD, _SAYS_ELSEWHERE = _pattern(_HEAD), _pattern(_ELSEWHERE)


def face_risk(
    sop_class_uid: str, modality: str, body_part: str, words: str
) -> FaceRisk:
    """Whether the images of a series can show a face.

    Parameters
    ----------
    sop_class_uid, modality : str
    body_part : str
        Body Part Examined (0018,0015), and the meanings of Anatomic Region Sequence.
    words : str
        Descriptions and protocol. They count only when they say head: a chest is
        believed of the body part alone, for "thorax" may stand beside "and neck".
    """
    kinds = {kind_of(sop_class_uid), MODALITY_KINDS.get(modality, Kind.OTHER)}
    if Kind.PHOTOGRAPH not in kinds and Kind.SLICES not in kinds:
        return FaceRisk.NONE
    if modality in ("ES", "GM", "DMS"):  # inside, or too close
        return FaceRisk.NONE
    part, text = folded(body_part), folded(words)
    if _SAYS_HEAD.search(part) or _SAYS_HEAD.search(text):
        return FaceRisk.LIKELY
    if _SAYS_ELSEWHERE.search(part):
        return FaceRisk.NONE
    return FaceRisk.LIKELY if Kind.PHOTOGRAPH in kinds else FaceRisk.POSSIBLE
