"""The real yaml-language-server, spoken to over stdio as editors do."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

SERVER = Path(__file__).parent / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"


NODE = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")


class LanguageServer:
    """One server; `open` a text, then ask for diagnostics, completions and hovers at a place in it."""

    def __init__(self, root: Path, settings: dict[str, Any] | None = None) -> None:
        self.root = root
        self.settings = settings or {}
        self.process = subprocess.Popen(
            [NODE or "node", SERVER, "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.last = 0
        self.diagnostics: dict[str, list[dict[str, Any]]] = {}
        capabilities = {
            "textDocument": {
                "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["plaintext"]}},
                "publishDiagnostics": {},
            },
            "workspace": {"configuration": True, "workspaceFolders": True},
        }
        folders = [{"uri": root.as_uri(), "name": "root"}]
        self._ask(
            "initialize",
            {
                "processId": None, "rootUri": root.as_uri(), "workspaceFolders": folders, "capabilities": capabilities,
                "locale": "zh-cn",
            },
        )  # fmt: skip
        self._tell("initialized", {})

    def open(self, path: Path, text: str) -> list[dict[str, Any]]:
        """Open a document; what the server finds wrong with it."""
        uri = path.as_uri()
        self.diagnostics.pop(uri, None)
        self._tell(
            "textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}}
        )
        while uri not in self.diagnostics:
            self._handle(self._receive())
        return self.diagnostics[uri]

    def complete(self, path: Path, line: int, column: int) -> list[str]:
        """The labels that are offered at a place (from 0)."""
        found = self._ask("textDocument/completion", self._place(path, line, column))
        return [item["label"] for item in (found["items"] if isinstance(found, dict) else found or [])]

    def hover(self, path: Path, line: int, column: int) -> str:
        """What is told of the key or value at a place (from 0), as Markdown."""
        found = self._ask("textDocument/hover", self._place(path, line, column))
        return found["contents"]["value"] if found else ""

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def _place(self, path: Path, line: int, column: int) -> dict[str, Any]:
        return {"textDocument": {"uri": path.as_uri()}, "position": {"line": line, "character": column}}

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self.last += 1
        wanted = self.last
        self._send({"id": wanted, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == wanted and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            self._handle(message)

    def _tell(self, method: str, params: dict[str, Any]) -> None:
        self._send({"method": method, "params": params})

    def _handle(self, message: dict[str, Any]) -> None:
        method = message.get("method")
        if method == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "id" in message and method:
            self._send({"id": message["id"], "result": self._answer(method, message.get("params") or {})})

    def _answer(self, method: str, params: dict[str, Any]) -> Any:
        if method != "workspace/configuration":
            return None
        yaml = {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}, **self.settings}
        return [yaml if item.get("section") == "yaml" else None for item in params["items"]]

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        length = 0
        while (line := self.process.stdout.readline().strip()) or not length:
            assert line or self.process.poll() is None, "the language server ended"
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return json.loads(self.process.stdout.read(length))
