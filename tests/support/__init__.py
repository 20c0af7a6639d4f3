"""What tests and benchmarks share: real processes, started and ended properly."""
