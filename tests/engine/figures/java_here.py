"""Tests that start Spark run where Java is."""

import shutil

import pytest

needs_java = pytest.mark.skipif(
    shutil.which("java") is None,
    reason="Java is not here; run: sudo apt-get install openjdk-17-jre-headless",
)
