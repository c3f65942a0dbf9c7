"""Between DICOM files and the core; the only package that knows Datasets."""
