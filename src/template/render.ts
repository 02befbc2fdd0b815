import type { Json } from '../runner/schema.ts';
import { isTemplate, onlyReference, parseTemplate, type Reference } from './parse.ts';

/** A value that cannot stand inside a text. */
export class NotAText extends Error {
  override readonly name = 'NotAText';
  readonly reference: Reference;

  constructor(reference: Reference) {
    super(`\`${reference.path.join('.')}\` is no single value, so it cannot stand inside a text`);
    this.reference = reference;
  }
}

/**
 * Puts values in place of references. A text that is exactly one reference becomes the value itself, with its type.
 * Nothing is rendered twice, nothing is escaped, and `read` throws for what is not there.
 */
export function renderText(text: string, read: (reference: Reference) => Json): Json {
  if (!isTemplate(text)) return text;
  const template = parseTemplate(text);
  const only = onlyReference(template);
  if (only) return read(only);
  return template.map((part) => (typeof part === 'string' ? part : asText(read(part), part))).join('');
}

function asText(value: Json, reference: Reference): string {
  if (typeof value === 'object') throw new NotAText(reference);
  return String(value);
}
