"""Shuzhi proves an annual duty report: workbooks in, documents out, every number open."""

__version__ = "0.1.0"
