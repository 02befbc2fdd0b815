import { describe, expect, test } from 'vitest';
import { logLines } from '../../../runners/clients/log-lines.ts';
import { plainText } from '../../../src/runner/plain-text.ts';

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

describe('log lines', () => {
  test('both streams must come in the order in which they were written', () => {
    const bytes = Buffer.concat([frame(1, 'one\n'), frame(2, 'two\n'), frame(1, 'thr'), frame(1, 'ee\n')]);
    expect(logLines(bytes)).toEqual(['one', 'two', 'three']);
  });

  test('a log of a terminal, which has no frames, must come through as it is', () => {
    expect(logLines(Buffer.from('{"a":1}\r\nnext\r\n'))).toEqual(['{"a":1}', 'next']);
  });

  test('a frame that is cut off at the end must not lose what is there', () => {
    expect(logLines(Buffer.concat([frame(1, 'whole\n'), frame(1, 'half of it').subarray(0, 12)]))).toEqual([
      'whole',
      'half',
    ]);
  });

  test('nothing logged must be no line', () => {
    expect(logLines(new Uint8Array())).toEqual([]);
  });

  test.each([
    ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
    ['cursor movements', 'a\u001b[2Kb\u001b[10;3Hc', 'abc'],
    ['a window title', '\u001b]0;evil title\u0007text', 'text'],
    ['a link', '\u001b]8;;http://x\u001b\\here\u001b]8;;\u001b\\', 'here'],
    ['a title that never ends', '\u001b]0;evil', ''],
    ['a bell and a backspace', 'a\u0007b\u0008c', 'abc'],
    ['8-bit controls', 'a\u009b31mb', 'ab'],
    ['an order to the clipboard', 'a\u001b]52;c;aGk=\u0007b', 'ab'],
    ['a device control string', 'a\u001bP1$r0m\u001b\\b', 'ab'],
    ['8-bit strings', 'a\u009d0;evil\u009cb\u0090q\u001b\\c', 'abc'],
    ['a sequence around another one', '\u001b\u001b[0m[2Jx', '[2Jx'],
    ['a reset of the terminal and a switch of letters', 'a\u001bcb\u001b(0c', 'abc'],
    ['marks that turn the direction round', 'a\u202eb\u2066c', 'abc'],
    ['what never ends beyond its line', '\u001b]0;evil\nnext', '\nnext'],
    ['tabs and line ends', 'a\tb\r\nc\rd', 'a\tb\nc\nd'],
    ['letters of all kinds', 'grün → ✓', 'grün → ✓'],
  ])('%s must not reach a terminal', (_name, raw, plain) => {
    expect(plainText(raw)).toBe(plain);
  });
});
