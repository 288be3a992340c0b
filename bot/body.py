"""The body of a request, read no further than it may be long."""

from starlette.requests import Request


async def read_body(request: Request, most_bytes: int) -> bytes | None:
    """None where it is longer."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            return None
    return body
