import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { composeProblem } from '../runners/clients/compose-problem.ts';
import { eachLine, LONGEST_LINE } from '../runners/clients/each-line.ts';
import { maskOutput, passwordsIn } from '../runners/clients/mask-output.ts';
import { runProgram } from '../runners/clients/program.ts';
import { fault } from '../runners/http/answer.ts';
import { runCommand } from '../runners/shell/command.ts';
import { clip, columnsOf, wrap } from '../src/report/layout.ts';
import { coverSecrets } from '../src/runner/cover-secrets.ts';
import { plainText } from '../src/runner/plain-text.ts';

const size = LONGEST_LINE;

/** Each of them made some pattern take seconds or minutes once, or would make a careless one. */
const lines: Record<string, string> = {
  'one word': 'a'.repeat(size),
  'one word of wide letters': '日'.repeat(size),
  'one letter with marks without end': `e${'\u0301'.repeat(size)}`,
  blanks: `x${' '.repeat(size)}x`,
  'blanks and one line feed': `x${' '.repeat(size)}\nx`,
  escapes: '\u001b'.repeat(size),
  'sequences that never end': `\u001b[${'1;'.repeat(size / 2)}`,
  'titles that never end': '\u001b]'.repeat(size / 2),
  'links that never end': '\u001b]8;;a'.repeat(size / 6),
  'beginnings of addresses': 'a://'.repeat(size / 4),
  'a password that never ends': `a://b:${'x'.repeat(size)}`,
  'tags that never end': '<'.repeat(size),
  'a name that never ends': `PASSWORD: "${'a.'.repeat(size / 2)}`,
  'names without values': 'TOKEN: '.repeat(size / 7),
  backticks: '`\\'.repeat(size / 2),
  dots: `${'.'.repeat(size)}x`,
  slashes: ' /'.repeat(size / 2),
};

const readers: Record<string, (line: string) => unknown> = {
  plainText,
  coverSecrets: (line) => coverSecrets(line),
  maskOutput: (line) => maskOutput(line, { TOKEN: 'abcdef' }),
  passwordsIn,
  columnsOf,
  wrap: (line) => wrap(plainText(line), 80),
  clip: (line) => clip(plainText(line), 80),
  composeProblem: (line) => composeProblem(line, [{ file: 'compose.yml', text: 'services: {}' }]),
  'an answer': (body) =>
    fault({ status: 500, headers: {}, body, cut: false, first_byte_ms: 1, total_ms: 1 }, { status: ['2xx'] }),
};

describe.each(Object.keys(readers))('%s', (name) => {
  test('must take no line of a container or a program for longer than a moment', () => {
    const slow = Object.entries(lines).flatMap(([what, line]) => {
      const before = process.cpuUsage();
      readers[name]?.(line);
      const { user } = process.cpuUsage(before);
      return user > 2_000_000 ? [`${what}: ${user / 1000} ms`] : [];
    });
    expect(slow).toEqual([]);
  });
});

describe('lines that have no end', () => {
  const read = async (...chunks: string[]) => {
    const seen: string[] = [];
    await eachLine(Readable.from(chunks, { objectMode: false }), (line) => seen.push(line));
    return seen;
  };

  test('must be cut, and what comes after them not be lost', async () => {
    const seen = await read('a', 'b\nc', ...Array.from({ length: 40 }, () => 'x'.repeat(size / 8)), '\nlast');
    expect(seen.map((line) => line.length)).toEqual([2, size, 4]);
  });

  test('must be the same wherever the chunks are cut', async () => {
    expect(await read('one\ntwo\n\nthr', 'ee\n')).toEqual(['one', 'two', '', 'three']);
    expect(await read('\n', 'é'.slice(0, 1), '\n')).toEqual(['', 'é']);
    expect(await read()).toEqual([]);
  });
});

describe('a program that writes without end', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'playbook-endless-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const env = { PATH: '/usr/bin:/bin' };
  const never = new AbortController().signal;

  test('must be read to its end however much it is, and not be kept', async () => {
    const script = 'head -c 70000000 /dev/zero | tr "\\0" "a"; echo; echo last; exit 3';
    const seen: number[] = [];
    const options = { env, cwd: folder, signal: never, onLine: (line: string) => seen.push(line.length) };
    const ended = await runProgram('sh', ['-c', script], options);
    expect(ended).toMatchObject({ exitCode: 3, stdout: '', lastLine: 'last' });
    expect(seen).toEqual([size, 4]);
  });

  test('must not fill the memory of a command either', async () => {
    const script = 'head -c 20000000 /dev/zero | tr "\\0" "a"; echo; echo last';
    const ended = await runCommand({ argv: ['sh', '-c', script], cwd: folder, env, signal: never, onLine: () => {} });
    expect(ended.lines.map((line) => line.length)).toEqual([size, 4]);
  });
});

test('a progress bar must come as its states, none hidden behind another', async () => {
  const seen: string[] = [];
  const env = { PATH: '/usr/bin:/bin' };
  const options = { env, signal: new AbortController().signal, onLine: (line: string) => seen.push(line) };
  await runProgram('printf', ['10%%\\r20%%\\rdone\\n'], options);
  expect(seen).toEqual(['10%', '20%', 'done']);
});
