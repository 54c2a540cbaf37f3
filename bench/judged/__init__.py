"""Archives with editors’ own choices as truth, and the baseline to beat, for measurements."""
