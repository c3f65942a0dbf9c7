"""Turn the bytes of one frame into samples: which decoder serves which coding."""

from viewer.dicom.codecs.registry import Decoder, SyntaxSupport, decoder_for, describe
from viewer.dicom.codecs.syntaxes import Coding, TransferSyntax, transfer_syntax

__all__ = [
    "Coding",
    "Decoder",
    "SyntaxSupport",
    "TransferSyntax",
    "decoder_for",
    "describe",
    "transfer_syntax",
]
