"""The parts of the SampleData generator; see ../README.md."""
