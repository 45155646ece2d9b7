pytest_plugins = ["tests.plugins_servers"]
