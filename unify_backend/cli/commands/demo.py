def demo(common):
    """x"""
