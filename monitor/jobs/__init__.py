"""ONE FILE PER JOB: read, decide (core), write."""
