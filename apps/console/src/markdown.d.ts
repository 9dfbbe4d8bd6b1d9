/** A document of `docs/`, bundled as the text it is. */
declare module '*.md' {
  const text: string;
  export default text;
}
