"""DICOMweb: the services of PS3.18 over HTTP."""
