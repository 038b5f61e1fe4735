// Has the browser keep the page for visits without a network; service_worker.js does it.
import { isKept } from './state';

export async function keepPage(): Promise<void> {
  // Only what was built has a fixed set of files; browsers without service workers, or with them turned off, do without.
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const registered = await navigator.serviceWorker
    .register(new URL('service_worker.js', document.baseURI), { updateViaCache: 'none' })
    .catch(() => null);
  if (!registered) return;
  await navigator.serviceWorker.ready;
  isKept.value = true;
}
