"""An invented chest, from the neck to the upper abdomen."""
