"""An invented heart under an echo probe."""
