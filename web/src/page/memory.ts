// What the browser keeps for this page. Private windows may refuse storage; a choice then lasts as long as the page.

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // refused or full
  }
}

export function forget(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // refused
  }
}
