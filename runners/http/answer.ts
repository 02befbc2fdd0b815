import { RE2JS } from 're2js';
import type { Json } from '../../src/runner/contract.ts';
import type { HttpAnswer } from '../clients/http.ts';
import { atPointer } from './pointer.ts';

/** What makes an answer good; what is left out is not looked at. */
export type Expected = {
  status: readonly (number | string)[];
  contains?: string;
  matches?: string;
  json?: Readonly<Record<string, Json>>;
  header?: Readonly<Record<string, string>>;
  faster_than?: number;
};

/** Why an answer is not good, as one clause; undefined when it is. Pure. */
export function fault(answer: HttpAnswer, expected: Expected): string | undefined {
  return (
    statusFault(answer, expected.status) ??
    headerFault(answer, expected.header ?? {}) ??
    bodyFault(answer, expected) ??
    jsonFault(answer, expected.json ?? {}) ??
    latencyFault(answer, expected.faster_than)
  );
}

/** The beginning of a body on one line, for messages and outputs. */
export function excerpt(body: string, length = 200): string {
  const text = body.replace(/\s+/g, ' ').trim();
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function statusFault(answer: HttpAnswer, allowed: Expected['status']): string | undefined {
  const fits = (one: number | string) =>
    typeof one === 'number' ? one === answer.status : one[0] === String(answer.status)[0];
  if (allowed.some(fits)) return undefined;
  const location = answer.status >= 300 && answer.status < 400 ? answer.headers['location'] : undefined;
  const body = location === undefined ? excerpt(withoutTags(answer.body), 120) : `to ${location}`;
  return `the status is ${answer.status}, expected was ${allowed.join(' or ')}${body && ` (${body})`}`;
}

/** What a page of an error says to people. */
function withoutTags(body: string): string {
  return /^\s*</.test(body) ? body.replace(/<[^<>]*>/g, ' ') : body;
}

function headerFault(answer: HttpAnswer, wanted: Readonly<Record<string, string>>): string | undefined {
  for (const [name, value] of Object.entries(wanted)) {
    const found = answer.headers[name.toLowerCase()];
    if (found === undefined) return `it has no header ${name}`;
    if (!found.includes(value)) return `the header ${name} is "${excerpt(found)}", expected was "${value}"`;
  }
  return undefined;
}

function bodyFault({ body }: HttpAnswer, { contains, matches }: Expected): string | undefined {
  if (contains !== undefined && !body.includes(contains)) return `the body lacks "${contains}": ${shown(body)}`;
  if (matches !== undefined && !RE2JS.compile(matches).matcher(body).find()) {
    return `the body does not match /${matches}/: ${shown(body)}`;
  }
  return undefined;
}

function jsonFault(answer: HttpAnswer, wanted: Readonly<Record<string, Json>>): string | undefined {
  if (Object.keys(wanted).length === 0) return undefined;
  const value = parsed(answer.body);
  if (value === undefined) return `the body is no JSON: ${shown(answer.body)}`;
  for (const [pointer, expected] of Object.entries(wanted)) {
    const found = atPointer(value, pointer);
    if (found === undefined) return `the JSON has nothing at ${pointer}`;
    if (!isEqual(found, expected)) {
      return `${pointer} is ${written(found)}, expected was ${JSON.stringify(expected)}`;
    }
  }
  return undefined;
}

/** What came from outside may be nested deeper than can be written. */
function written(value: Json): string {
  try {
    return excerpt(JSON.stringify(value));
  } catch {
    return 'nested too deeply to be shown';
  }
}

function latencyFault(answer: HttpAnswer, limit: number | undefined): string | undefined {
  if (limit === undefined || answer.total_ms <= limit) return undefined;
  return `it took ${answer.total_ms} ms, allowed are ${limit} ms`;
}

function shown(body: string): string {
  return body.trim() === '' ? 'it is empty' : `"${excerpt(body)}"`;
}

function parsed(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return undefined; // the caller says that it is no JSON
  }
}

function isEqual(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return left.length === right.size && left.every(([key, value]) => isEqual(value ?? null, right.get(key) ?? null));
}
