"""The real nginx and Caddy in front of a collector, by the files of ``deploy/`` with their names filled in."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DEPLOY = Path(__file__).parents[2] / "deploy"
HOST = "feedback.example.com"
BEHIND = "127.0.0.1:8400"
CADDY_SITE = f"{HOST} {{"
PREFIX = "/feedback"


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for localhost, as files."""

    chain: Path
    key: Path


def certificate(folder: Path) -> Certificate:
    """Made by openssl: valid a day, for ``localhost`` and both loopback addresses."""
    made = Certificate(folder / "chain.pem", folder / "key.pem")
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
    ]
    command += ["-subj", "/CN=localhost", "-addext", names, "-keyout", str(made.key), "-out", str(made.chain)]
    subprocess.run(command, check=True, capture_output=True)
    return made


@contextmanager
def nginx(folder: Path, port: int, plain: int, behind: int, place: str, tls: Certificate) -> Iterator[None]:
    """nginx at https://localhost:port, in a folder of its own; ``plain`` is the port that only redirects."""
    site = _filled("nginx/afterword.conf", port, plain, behind, folder, tls)
    if place:
        below = _filled("nginx/under-a-path.conf", port, plain, behind, folder, tls)
        begin, _, _ = site.rpartition("    location / {")
        site = f"{begin}{below}\n}}\n"
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    frame = (
        f"daemon off;\nmaster_process off;\npid {folder}/pid;\nevents {{}}\nhttp {{\n{temporary}{site}}}\n"
    )
    (folder / "nginx.conf").write_text(frame)
    command = [
        _program("nginx", "nginx-light"),
        "-p",
        str(folder),
        "-e",
        str(folder / "start.log"),
        "-c",
        "nginx.conf",
    ]
    with _running(command, port, folder):
        yield


@contextmanager
def caddy(folder: Path, port: int, behind: int, place: str, tls: Certificate) -> Iterator[None]:
    """Caddy at https://localhost:port, with its state in a folder of its own."""
    site = (DEPLOY / "caddy/Caddyfile").read_text().replace(BEHIND, f"127.0.0.1:{behind}")
    if place:
        call = f"reverse_proxy 127.0.0.1:{behind}\n"
        site = site.replace(f"\t{call}", f"\thandle {PREFIX}/* {{\n\t\t{call}\t}}\n")
    ours = f"https://localhost:{port} {{\n\ttls {tls.chain} {tls.key}"
    whole = "{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + site.replace(CADDY_SITE, ours)
    (folder / "Caddyfile").write_text(whole)
    command = [
        _program("caddy", "caddy"),
        "run",
        "--config",
        str(folder / "Caddyfile"),
        "--adapter",
        "caddyfile",
    ]
    with _running(command, port, folder):
        yield


def _filled(name: str, port: int, plain: int, behind: int, folder: Path, tls: Certificate) -> str:
    """A file of ``deploy/`` for this machine: its own ports, certificate and logs, and nothing else changed."""
    text = (DEPLOY / name).read_text()
    for old, new in (
        (BEHIND, f"127.0.0.1:{behind}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen [::]:80;", f"listen [::1]:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("listen [::]:443 ssl;", f"listen [::1]:{port} ssl;"),
        (f"/etc/letsencrypt/live/{HOST}/fullchain.pem", str(tls.chain)),
        (f"/etc/letsencrypt/live/{HOST}/privkey.pem", str(tls.key)),
        ("/var/log/nginx", str(folder)),
        (HOST, "localhost"),
    ):
        text = text.replace(old, new)
    return text


def _program(name: str, package: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    assert found, f"{name} is needed: apt-get install {package}"
    return found


@contextmanager
def _running(command: list[str], port: int, folder: Path) -> Iterator[None]:
    with (folder / "said.log").open("wb") as said:
        home = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "PATH": "/usr/bin:/bin"}
        process = subprocess.Popen(command, env=home, stdout=said, stderr=said)
        try:
            _wait(process, port, folder)
            yield
        finally:
            process.terminate()
            process.wait(30)


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        assert process.poll() is None, (folder / "said.log").read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the proxy did not come up")
