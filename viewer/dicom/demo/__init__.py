"""The demo study as DICOM objects, written strictly by the standard."""
