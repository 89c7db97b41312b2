from hypothesis import settings

# A slow machine is no failure; speed belongs to tests/bench.
settings.register_profile("monitor", deadline=None)
settings.load_profile("monitor")
