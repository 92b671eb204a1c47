"""The example county: workbooks as units really send them, and the truth about them."""

from shuzhi.demo.write import write_county

__all__ = ["write_county"]
