"""An archive that was never written, for measurements."""
