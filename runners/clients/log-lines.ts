import { plainText } from '../../src/runner/plain-text.ts';

/** Lines of a container's log as the engine sends it: frames taken apart, escape sequences taken out. */
export function logLines(bytes: Uint8Array): string[] {
  const text = plainText(new TextDecoder().decode(unframed(Buffer.from(bytes))));
  const lines = text.split('\n').map((line) => line.trimEnd());
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A container without a terminal is framed: 1 byte stream, 3 zeros, 4 bytes length; one with a terminal is not. */
function unframed(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (!isFrameHeader(bytes, at)) return at === 0 ? bytes : Buffer.concat(parts);
    const end = at + 8 + bytes.readUInt32BE(at + 4);
    parts.push(bytes.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(parts);
}

function isFrameHeader(bytes: Buffer, at: number): boolean {
  return at + 8 <= bytes.length && (bytes[at] ?? 3) <= 2 && bytes.readUIntBE(at + 1, 3) === 0;
}
