/** With the full stop that a sentence of its own has. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** As it stands in a row or behind a colon: without a full stop of its own, and no capital where it is only the beginning. */
export function clause(text: string): string {
  const small = text.replace(/^(The|A|An|It|There|Not|No|Nothing) /, (word) => word.toLowerCase());
  return /[.!?] /.test(small) ? small : small.replace(/\.$/, '');
}
