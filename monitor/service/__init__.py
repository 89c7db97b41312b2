"""What a service needs besides its jobs: rules in a process of their own, reload, health, HTTP."""
