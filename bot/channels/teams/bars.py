"""A figure's bar, or a column for each round, as a picture of a few hundred bytes: small enough to travel within the
card, so that no figure lies at an address. It holds no words; these stand in the card, in the size its reader has."""

import struct
import zlib
from base64 import b64encode
from functools import lru_cache

# Pixels; Teams takes up to 1,024. Clients make the picture as wide as the card.
WIDTH, BAR_HEIGHT = 800, 16
COLUMN_WIDTH, COLUMN_STEP, COLUMN_HEIGHT, LINE_HEIGHT = 32, 44, 80, 3
NOTHING, TRACK, FAINT, FILL = 0, 1, 2, 3
# Red, green, blue, and how much of what is below is hidden: seen on white, on Teams' dark grey and on black.
COLOURS = ((0, 0, 0, 0), (128, 128, 128, 64), (21, 148, 123, 128), (21, 148, 123, 255))


@lru_cache(maxsize=1_024)
def draw(percents: tuple[int, ...]) -> str:
    """The picture's address, which is the picture itself: one bar; or a column for each round, the newest last and
    full. Each figure is from 0 to 100."""
    rows = _draw_columns(percents) if len(percents) > 1 else [_draw_bar(percents[0])] * BAR_HEIGHT
    return f"data:image/png;base64,{b64encode(_write(rows)).decode()}"


def _draw_bar(percent: int) -> bytes:
    filled = WIDTH * percent // 100
    return bytes([FILL] * filled + [TRACK] * (WIDTH - filled))


def _draw_columns(percents: tuple[int, ...]) -> list[bytes]:
    """From the top; below the columns is the line they stand on."""
    fills = [FAINT] * (len(percents) - 1) + [FILL]
    rows = []
    for height in range(COLUMN_HEIGHT, 0, -1):
        row = bytearray(WIDTH)
        for place, (percent, fill) in enumerate(zip(percents, fills, strict=True)):
            if height <= COLUMN_HEIGHT * percent // 100:
                start = place * COLUMN_STEP
                row[start : start + COLUMN_WIDTH] = bytes([fill]) * COLUMN_WIDTH
        rows.append(bytes(row))
    line = (bytes([TRACK]) * (len(percents) * COLUMN_STEP)).ljust(WIDTH, bytes([NOTHING]))
    return [*rows, *[line] * LINE_HEIGHT]


def _write(rows: list[bytes]) -> bytes:
    """A PNG of COLOURS, two bits for each pixel: https://www.w3.org/TR/png-3/."""
    header = struct.pack(">IIBBBBB", WIDTH, len(rows), 2, 3, 0, 0, 0)
    opaque, hidden = bytes(one for colour in COLOURS for one in colour[:3]), bytes(colour[3] for colour in COLOURS)
    pixels = zlib.compress(b"".join(b"\0" + _pack(row) for row in rows), 9)
    parts = ((b"IHDR", header), (b"PLTE", opaque), (b"tRNS", hidden), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, held) for kind, held in parts)


def _pack(row: bytes) -> bytes:
    """Four pixels in each byte, the leftmost highest."""
    fours = zip(row[::4], row[1::4], row[2::4], row[3::4], strict=True)
    return bytes(a << 6 | b << 4 | c << 2 | d for a, b, c, d in fours)


def _chunk(kind: bytes, held: bytes) -> bytes:
    return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))
