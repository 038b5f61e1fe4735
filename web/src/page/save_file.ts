// Hands the browser a file to keep.
export function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has begun when the click returns; the address is kept a while for slow disks.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
