"""x"""
SIDE_CHECKS: dict[str, tuple[str, ...]] = {}
