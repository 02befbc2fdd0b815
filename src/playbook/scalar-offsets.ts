import type { Scalar } from 'yaml';

/**
 * Where each character of a scalar's value stands in the file, so that a place inside an expression can be shown inside
 * the YAML around it. `undefined` where the writing (folding, rare escapes) does not allow it.
 */
export function scalarOffsets(text: string, node: Scalar): number[] | undefined {
  if (typeof node.value !== 'string' || !node.range) return undefined;
  const [start, end] = node.range;
  switch (node.type) {
    case 'PLAIN':
      return align(text, start, end, node.value);
    case 'QUOTE_SINGLE':
    case 'QUOTE_DOUBLE':
      return align(text, start + 1, end - 1, node.value);
    case 'BLOCK_LITERAL':
    case 'BLOCK_FOLDED':
      return align(text, afterHeader(text, start), end, node.value);
    default:
      return undefined;
  }
}

const ESCAPES: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', n: '\n', t: '\t', ' ': ' ' };

/** Walks value and source side by side; folded lines, doubled quotes and short escapes are stepped over. */
function align(text: string, start: number, end: number, value: string): number[] | undefined {
  const offsets: number[] = [];
  let at = start;
  for (const char of chars(value)) {
    if (isBlank(char) && isBlank(text[at])) {
      offsets.push(at);
      at = char === '\n' || text[at] === '\n' ? afterLineBreak(text, at) : at + 1;
      continue;
    }
    while (at < end && text[at] !== char && isBlank(text[at])) at += 1;
    if (text[at] === '\\' && ESCAPES[text[at + 1] ?? ''] === char) {
      offsets.push(at);
      at += 2;
    } else if (text[at] === char && at < end) {
      offsets.push(at);
      at += char === "'" && text[at + 1] === "'" && text[start - 1] === "'" ? 2 : 1;
    } else if (char === '\n' && at >= end) {
      offsets.push(end);
    } else {
      return undefined;
    }
  }
  return offsets;
}

/** UTF-16 units, as CEL and Handlebars count. */
function chars(value: string): string[] {
  return value.split('');
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\r' || char === '\t';
}

function afterLineBreak(text: string, at: number): number {
  let next = at;
  while (text[next] === ' ' || text[next] === '\t' || text[next] === '\r') next += 1;
  return text[next] === '\n' ? next + 1 : at + 1;
}

function afterHeader(text: string, start: number): number {
  const lineEnd = text.indexOf('\n', start);
  return lineEnd < 0 ? text.length : lineEnd + 1;
}
