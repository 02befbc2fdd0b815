import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { httpGet } from './http-get.ts';
import { root } from './images.ts';
import type { TestStack } from './stack.ts';

/** A page to be followed: files to be written and commands to be typed, in the order in which they stand there. */
type Part = { file: string; text: string } | { commands: Command[]; code: number };
type Command = { line: string; shown: string[] };

/** What a command printed, and which of the lines that the page shows it did not print, in this order. */
export type Typed = { line: string; code: number; expected: number; missing: string[] };

/** Where a page is followed: writes its files, and types its commands. */
export type Follower = {
  write(path: string, text: string): Promise<void>;
  type(line: string): Promise<{ code: number; text: string }>;
};

/** Does all that the page says; `words` stand for what is another one in a test. */
export async function walkThrough(
  page: string,
  follower: Follower,
  words: readonly [RegExp, string][],
): Promise<Typed[]> {
  const written = await readFile(join(root, page), 'utf8');
  const text = words.reduce((left, [from, to]) => left.replaceAll(from, to), written);
  const typed: Typed[] = [];
  for (const part of partsOf(text)) {
    if ('file' in part) await follower.write(part.file, part.text);
    else typed.push(...(await typeAll(part, follower)));
  }
  return typed;
}

/** In the folder of a test's stack, without a shell: the few programs that pages need. */
export function followedIn(stack: TestStack): Follower {
  return { write: stack.write, type: (line) => type(line, stack) };
}

function partsOf(page: string): Part[] {
  const marked = /<!-- (file|run)(?:: (\S+))? -->\n```\w*\n([\s\S]*?)\n```/g;
  return [...page.matchAll(marked)].map(([, kind, word = '', body = '']): Part => {
    if (kind === 'file') return { file: word, text: `${body}\n` };
    return { commands: commandsOf(body), code: Number(word || 0) };
  });
}

function commandsOf(body: string): Command[] {
  return body.split(/^\$ /m).flatMap((each) => {
    const [line = '', ...shown] = each.split('\n');
    return line === '' ? [] : [{ line, shown: shown.filter((one) => one.trim() !== '' && one !== '…') }];
  });
}

/** `playbook` ends with the code that the page names, whatever else is typed with 0. */
async function typeAll({ commands, code }: { commands: Command[]; code: number }, on: Follower): Promise<Typed[]> {
  const typed: Typed[] = [];
  let last = 0;
  for (const { line, shown } of commands) {
    const ended = line === 'echo $?' ? { code: 0, text: String(last) } : await on.type(line);
    const isOurs = / ?playbook /.test(line);
    if (isOurs) last = ended.code;
    typed.push({ line, code: ended.code, expected: isOurs ? code : 0, missing: missingIn(ended.text, shown) });
  }
  return typed;
}

async function type(line: string, stack: TestStack): Promise<{ code: number; text: string }> {
  const words = line.split(' ');
  const at = words.findIndex((word) => !word.includes('=') || word.startsWith('-'));
  const env = Object.fromEntries(words.slice(0, at).map((word) => word.split('=') as [string, string]));
  const [program, ...args] = words.slice(at);
  if (program === 'playbook') {
    const { code, stdout, stderr } = await stack.playbook(args, { env });
    return { code, text: stdout + stderr };
  }
  if (program === 'wget') return { code: 0, text: (await httpGet(args.at(-1) ?? '')).body };
  if (program === 'docker' && args[0] === 'compose')
    return { code: 0, text: await stack.compose(args.slice(1), { env }) };
  throw new Error(`a page cannot type ${program} yet`);
}

/** Blanks, lines, times and the beginnings of IDs are others each time. */
function missingIn(text: string, shown: readonly string[]): string[] {
  let left = even(text);
  return shown.filter((line) => {
    const found = left.indexOf(even(line));
    if (found >= 0) left = left.slice(found);
    return found < 0;
  });
}

function even(text: string): string {
  return text
    .replaceAll(/\(?\b\d+(\.\d+)? m?s\b\)?/g, '#')
    .replaceAll(/\([0-9a-f]{4}…( of [-\d]+)?(, [\d.]+ [kMG]?B)?\)/g, '#')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
