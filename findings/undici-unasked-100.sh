#!/usr/bin/env bash
# undici 7.30.2: an interim `100 Continue` that was not asked for (RFC 9110, 15.2: a client must be able to take it) ends the
# connection with UND_ERR_SOCKET "bad response", and the answer that follows is lost. 102 and 103 are passed over. Node's
# own http client passes over all of them.
# Output seen: "undici 100: UND_ERR_SOCKET", "undici 102: 200", "undici 103: 200", "node:http 100: 200".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund undici@7.30.2
cat > try.cjs << 'JS'
const net = require('node:net'), http = require('node:http'), { request } = require('undici');
const serve = (status, use) => new Promise((done) => {
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.write(`HTTP/1.1 ${status} Interim\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok`));
  }).listen(0, '127.0.0.1', async () => {
    const said = await use(`http://127.0.0.1:${server.address().port}`);
    server.close(() => done(said));
  });
});
const byUndici = (url) => request(url).then(async ({ statusCode, body }) => (await body.text(), statusCode), (e) => e.code);
const byNode = (url) => new Promise((done) => http.get(url, (r) => r.resume().on('end', () => done(r.statusCode))));
(async () => {
  for (const status of [100, 102, 103]) console.log(`undici ${status}: ${await serve(status, byUndici)}`);
  console.log(`node:http 100: ${await serve(100, byNode)}`);
  process.exit(0);
})();
JS
timeout 30 node try.cjs | tee said
printf 'undici 100: UND_ERR_SOCKET\nundici 102: 200\nundici 103: 200\nnode:http 100: 200\n' | cmp - said
