// Keeps the page on the device, so that it opens without a network after the first visit. The build puts two lines before
// this file: kVersion, a digest of the site's files, and kFiles, their addresses but for onnxruntime's (26 MB) and the models',
// which are kept once they were used.
// Another copy of the page may lie on the same host: each keeps its own.
const kOwn = `plkd ${self.registration.scope} `;
const kCache = kOwn + kVersion;
// Models outlive versions of the page.
const kModels = `${kOwn}models`;

self.addEventListener('install', (event) => event.waitUntil(keepSite()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  // Names under assets/ carry a digest of what they hold, addresses of models end in one: what is kept is what would be fetched.
  const isModel = url.pathname.endsWith('.onnx') && url.searchParams.has('v');
  if (isModel) event.respondWith(keptFirst(event.request, kModels));
  else event.respondWith(url.pathname.includes('/assets/') ? keptFirst(event.request, kCache) : networkFirst(event.request));
});

async function keepSite() {
  const cache = await caches.open(kCache);
  await cache.addAll(kFiles.map((file) => new Request(file, { cache: 'no-cache' })));
  await self.skipWaiting();
}

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name.startsWith(kOwn) && name !== kCache && name !== kModels);
  await Promise.all(old.map((name) => caches.delete(name)));
  await dropOldModels();
  await self.clients.claim();
}

async function dropOldModels() {
  const listed = await (await caches.open(kCache)).match(new URL('models/gallery.json', self.registration.scope));
  const digests = new Set((await listed?.json())?.map(({ digest }) => digest));
  const models = await caches.open(kModels);
  const old = (await models.keys()).filter(({ url }) => !digests.has(new URL(url).searchParams.get('v')));
  await Promise.all(old.map((request) => models.delete(request)));
}

async function keptFirst(request, cache) {
  return (await (await caches.open(cache)).match(request)) ?? fetchAndKeep(request, cache);
}

async function networkFirst(request) {
  try {
    return await fetchAndKeep(request, kCache);
  } catch (error) {
    const kept = await (await caches.open(kCache)).match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

async function fetchAndKeep(request, cache) {
  const response = await fetch(request);
  if (response.ok) await (await caches.open(cache)).put(request, response.clone());
  return response;
}
