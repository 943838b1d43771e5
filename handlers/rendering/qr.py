"""An address as a QR code for a poster or a screen. Draws only; knows nothing of what the address means."""

from io import BytesIO

import segno


def qr_png(url: str, scale: int = 8) -> bytes:
    """Draw a PNG, `scale` pixels a module, with the quiet zone that cameras need (4 modules)."""
    return _drawn(url, "png", scale)


def qr_svg(url: str) -> bytes:
    """Draw an SVG document in UTF-8 that scales to any poster."""
    return _drawn(url, "svg", 8)


def path(url: str) -> tuple[int, str]:
    """Give the modules of a side, quiet zone included, and the dark ones as the way of an SVG path, a unit each."""
    rows = [list(row) for row in segno.make_qr(url, error="m").matrix_iter(border=4)]
    dark = ((x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module)
    return len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)


def _drawn(url: str, kind: str, scale: int) -> bytes:
    # Level M (15 % restored) reads from a creased paper; micro codes are refused by many phones.
    code = segno.make_qr(url, error="m")
    out = BytesIO()
    code.save(out, kind=kind, scale=scale, border=4, dark="black", light="white")
    return out.getvalue()
