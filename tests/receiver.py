"""A webhook's receiver on a loopback port that fails in the ways that real ones do."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """Keeps what it was sent, by idempotency key; `mode` says how it answers.

    Modes: "ok"; "500"; "slow" (longer than the sender waits); "cut" (keeps it, then breaks off
    in the middle of its answer); "404"; "409".
    """

    def __init__(self, port=0):
        self.mode = "ok"
        self.kept: dict[str, bytes] = {}
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.released = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                receiver._answer(self)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def port(self):
        return self._server.server_port

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}/hook"

    def _answer(self, request):
        body = request.rfile.read(int(request.headers["Content-Length"]))
        key = request.headers["Idempotency-Key"]
        mode = self.mode
        self.requests.append((key, dict(request.headers), body))
        if mode in ("ok", "cut", "slow"):
            self.kept.setdefault(key, body)
        if mode == "slow":
            self.released.wait(2.0)
        if mode == "cut":
            request.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Le")
            request.wfile.flush()
            request.connection.close()
            return
        status = int(mode) if mode.isdigit() else 200
        try:
            request.send_response(status)
            request.send_header("Content-Length", "0")
            request.end_headers()
        except OSError:
            pass

    def close(self):
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
