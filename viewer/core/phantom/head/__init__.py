"""An invented head, for magnetic resonance."""
