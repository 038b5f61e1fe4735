// Keeps the page on the device, so that it opens without a network after the first visit. The build puts two lines before
// this file: kVersion, a digest of the site's files, and kFiles, their addresses but for onnxruntime's (26 MB), which are kept
// once they were used.
// Another copy of the page may lie on the same host: each keeps its own.
const kOwn = `plkd ${self.registration.scope} `;
const kCache = kOwn + kVersion;

self.addEventListener('install', (event) => event.waitUntil(keepSite()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  // Names under assets/ carry a digest of what they hold: what is kept is what would be fetched.
  event.respondWith(url.pathname.includes('/assets/') ? keptFirst(event.request) : networkFirst(event.request));
});

async function keepSite() {
  const cache = await caches.open(kCache);
  await cache.addAll(kFiles.map((file) => new Request(file, { cache: 'no-cache' })));
  await self.skipWaiting();
}

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith(kOwn) && name !== kCache);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function keptFirst(request) {
  return (await (await caches.open(kCache)).match(request)) ?? fetchAndKeep(request);
}

async function networkFirst(request) {
  try {
    return await fetchAndKeep(request);
  } catch (error) {
    const kept = await (await caches.open(kCache)).match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

async function fetchAndKeep(request) {
  const response = await fetch(request);
  if (response.ok) await (await caches.open(kCache)).put(request, response.clone());
  return response;
}
