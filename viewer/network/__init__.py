"""Peers: DICOM's associations and DICOMweb, at the wire and no further."""
