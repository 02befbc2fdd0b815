/** Compose prints `$` as `$$`, so that its output can be read again. */
export function unescaped(text: string): string {
  return text.replaceAll('$$', '$');
}
