import { describe, expect, test } from 'vitest';
import { logSplitter } from '../../../runners/clients/docker-logs.ts';

const at = (second: number) => `2026-11-24T10:00:0${second}.000000123Z`;
const time = (second: number) => `${Date.parse('2026-11-24T10:00:00Z') / 1000 + second}.000000123`;

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

/** Everything at once, and byte by byte: the cuts must make no difference. */
function split(bytes: Buffer) {
  const whole = logSplitter();
  const lines = [...whole.push(bytes), ...whole.end()];
  const cut = logSplitter();
  const again = [...bytes].flatMap((byte) => cut.push(Buffer.from([byte])));
  expect([...again, ...cut.end()]).toEqual(lines);
  return lines;
}

describe('a log that is followed', () => {
  test('must come line by line with its stream and its exact time', () => {
    const bytes = Buffer.concat([frame(1, `${at(1)} one\n`), frame(2, `${at(2)} ERROR zwö\n`)]);
    expect(split(bytes)).toEqual([
      { line: 'one', time: time(1), stream: 'stdout' },
      { line: 'ERROR zwö', time: time(2), stream: 'stderr' },
    ]);
  });

  test('a long line, which comes in parts with a timestamp each, must be one line', () => {
    const bytes = Buffer.concat([
      frame(1, `${at(1)} ${'x'.repeat(16_384)}`),
      frame(2, `${at(2)} between\n`),
      frame(1, `${at(1)} the end\n`),
    ]);
    expect(split(bytes).map(({ line }) => line.replace(/x+/, 'x'))).toEqual(['between', 'xthe end']);
  });

  test('a line that never ends must be cut, not kept whole', () => {
    const splitter = logSplitter();
    for (let part = 0; part < 100; part += 1) splitter.push(frame(1, `${at(1)} ${'x'.repeat(16_384)}`));
    expect(splitter.end()[0]?.line).toHaveLength(64 * 1024);
  });

  test('a terminal, which has no frames, must be taken apart too', () => {
    const bytes = Buffer.from(`${at(1)} {"a":1}\r\n${at(2)} \u001b[31mred\u001b[0m\r\n${at(3)} half`);
    expect(split(bytes).map(({ line, time: when }) => [line, when])).toEqual([
      ['{"a":1}', time(1)],
      ['red', time(2)],
      ['half', time(3)],
    ]);
  });

  test('empty lines must be left out, indented ones stay as they are', () => {
    const bytes = Buffer.concat([frame(1, `${at(1)} \n`), frame(1, `${at(1)}   at main.js:1\n`)]);
    expect(split(bytes).map(({ line }) => line)).toEqual(['  at main.js:1']);
  });

  test('a timestamp with an offset, and one without a fraction, must be read', () => {
    const bytes = Buffer.concat([frame(1, '2026-11-24T12:00:01.5+02:00 a\n'), frame(1, '2026-11-24T10:00:02Z b\n')]);
    const second = Date.parse('2026-11-24T10:00:00Z') / 1000;
    expect(split(bytes).map((line) => line.time)).toEqual([`${second + 1}.500000000`, `${second + 2}.000000000`]);
  });
});
