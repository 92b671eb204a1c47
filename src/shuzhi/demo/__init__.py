"""The example county: workbooks as units really send them, and the truth about them."""
