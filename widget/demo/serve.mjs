// A playground: the widget in every mode and kind, over a collector of thirty lines that forgets everything.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const read = (path) => readFileSync(new URL(path, import.meta.url));
const surveys = JSON.parse(read("../../tests/browser/widget/surveys.json"));
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript" };

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  const json = (status, body) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (pathname === "/w/v1/survey") {
    const token = searchParams.get("token") ?? "";
    const survey = surveys[token.split(".")[0]];
    if (!survey) return response.writeHead(204).end();
    const id = crypto.randomUUID();
    return json(200, { ...survey, token, invitation_id: id, answered: { response_id: null, answers: {} } });
  }
  if (request.method === "POST") {
    let body = "";
    request.on("data", (chunk) => (body += chunk)).on("end", () => {
      console.log(pathname, body);
      json(pathname.endsWith("events") ? 202 : 201, {});
    });
    return;
  }
  const file = { "/": "index.html", "/widget/v1.js": "../../collector/static/widget/v1.js" }[pathname];
  if (!file) return response.writeHead(404).end();
  response.writeHead(200, { "content-type": types[file.slice(file.lastIndexOf("."))] }).end(read(file));
});

server.listen(8401, "127.0.0.1", () => console.log("http://127.0.0.1:8401/"));
