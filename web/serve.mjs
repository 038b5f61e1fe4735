// Serves a folder of static files on this computer only: node serve.mjs [FOLDER] [PORT]. No special headers, because the
// page needs none; any other static server does as well.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const kTypes = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export function serve(folder, port) {
  const root = resolve(folder);
  const server = createServer(async (request, response) => {
    const found = await find(root, request.url ?? '/');
    if (!found) {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('not found\n');
      return;
    }
    const type = kTypes[extname(found.path)] ?? 'application/octet-stream';
    response.writeHead(200, { 'Content-Type': type, 'Content-Length': found.size, 'Cache-Control': 'no-cache' });
    if (request.method === 'HEAD') response.end();
    else createReadStream(found.path).on('error', () => response.destroy()).pipe(response);
  });
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => done(server));
  });
}

async function find(root, url) {
  try {
    const wanted = normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname));
    let path = join(root, wanted);
    if (path !== root && !path.startsWith(root + sep)) return null;
    let info = await stat(path);
    if (info.isDirectory()) {
      path = join(path, 'index.html');
      info = await stat(path);
    }
    return info.isFile() ? { path, size: info.size } : null;
  } catch {
    return null; // not there, or not a path
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = fileURLToPath(new URL('../build/site', import.meta.url)), port = '8080'] = process.argv.slice(2);
  try {
    await serve(folder, Number(port));
    console.log(`serving ${folder} at http://localhost:${port}/ (Ctrl+C stops)`);
  } catch (error) {
    console.error(`serve: ${error.message}; choose another port: node serve.mjs ${folder} PORT`);
    process.exitCode = 1;
  }
}
