// Vite gives the address of a file that is copied to the site under a hashed name.
declare module '*?url' {
  const url: string;
  export default url;
}
