import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/engine/events.ts';
import { foldEvents } from '../../src/engine/state.ts';
import { closingLines } from '../../src/report/closing.ts';
import { printEvents } from '../../src/report/events.ts';
import { columnsOf } from '../../src/report/layout.ts';
import { createReporter } from '../../src/report/reporter.ts';
import { printRun } from '../../src/report/run.ts';
import { colourStyle, plainStyle } from '../../src/report/style.ts';

const folder = join(import.meta.dirname, '../../fixtures/runs');
const update = process.env['UPDATE'] === '1';
const cases = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));

describe.each(cases)('run %s', (file) => {
  const events = readFileSync(join(folder, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
  const state = foldEvents(structuredClone(events));

  it('must read as its oracle, live and afterwards', () => {
    const path = join(folder, file.replace('.jsonl', '.out'));
    const text = [
      '# plain',
      shown(events, 'plain'),
      '# show',
      printRun(state, plainStyle(100)),
      '# quiet',
      shown(events, 'quiet'),
    ].join('\n');
    if (update) writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, 'utf8'));
  });

  it('must say in the closing lines what the run is: never nothing, never a success that was none', () => {
    const [headline = ''] = closingLines(state);
    expect(headline).not.toBe('');
    expect(headline.startsWith('Done')).toBe(state.status === 'succeeded');
  });

  it('must print no escape sequence of a container', () => {
    const text = [shown(events, 'plain'), printRun(state, plainStyle(100)), printEvents(events)].join('');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
  });

  it.each([50, 80, 120])('must fit a terminal of %i columns afterwards', (width) => {
    const long = printRun(state, colourStyle(width))
      .split('\n')
      .filter((line) => columnsOf(line) > width);
    expect(long).toEqual([]);
  });

  it('must give one JSON event per line, as stored', () => {
    const lines = shown(events, 'json').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(events);
  });
});

function shown(events: readonly RunEvent[], mode: 'plain' | 'json' | 'quiet'): string {
  let text = '';
  const reporter = createReporter({
    mode,
    out: (part) => {
      text += part;
    },
    style: plainStyle(100),
    columns: () => 100,
    now: () => 0,
  });
  for (const event of events) reporter.watch(event);
  reporter.close();
  return text;
}
