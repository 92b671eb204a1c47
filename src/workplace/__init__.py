"""The workplace: units are asked once, send what they did, and see what became of it.

A Django project over the engine in `shuzhi`, which it calls and never copies.
"""
