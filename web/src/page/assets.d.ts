// Vite gives the address of a worker with all it imports, under a hashed name.
declare module '*?worker&url' {
  const url: string;
  export default url;
}

interface ImportMeta {
  readonly env: { readonly PROD: boolean };
}
