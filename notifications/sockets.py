"""What an open connection to a mail server says about itself."""

import socket
import ssl
from ipaddress import ip_address


def address_literal(sock: socket.socket) -> str:
    host = sock.getsockname()[0]
    return f"[IPv6:{host}]" if ":" in host else f"[{host}]"


def on_this_machine(sock: socket.socket) -> bool:
    return ip_address(sock.getpeername()[0].partition("%")[0]).is_loopback


def encrypted(sock: socket.socket | None) -> bool:
    return isinstance(sock, ssl.SSLSocket)


def hung_up(sock: socket.socket) -> bool:
    """Whether the other side has closed; looks without reading, also below TLS."""
    waiting = sock.gettimeout()
    sock.settimeout(0)
    try:
        return socket.socket.recv(sock, 1, socket.MSG_PEEK) == b""
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True
    finally:
        sock.settimeout(waiting)
