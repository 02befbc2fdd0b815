// As in `runner/plain-text.ts`, which is not loaded here: every command loads this file.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const hasUnprintable = new RegExp(unprintable.source);

// What our own views write: colours, and the step back over the live lines.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is let through.
const ownSequence = /\r\u001b\[\d+A\u001b\[J|\u001b\[[\d;]*m/g;

/**
 * The last gate before a terminal: of all that is no text only colours stay, and the movements of the live view. Whatever
 * was not cleaned on its way here can at worst be coloured.
 */
export function cleanOutput(text: string): string {
  if (!hasUnprintable.test(text)) return text;
  const own = text.match(ownSequence) ?? [];
  const between = text.split(ownSequence).map((part) => part.replaceAll('\r\n', '\n').replace(unprintable, ''));
  return between.map((part, index) => part + (own[index] ?? '')).join('');
}

/** JSON that is safe to look at: what JSON itself leaves as it is, but a terminal takes for a command, is escaped. */
export function jsonText(value: unknown, indent?: number): string {
  return escapedJson(JSON.stringify(value, null, indent));
}

/** The same for text that is JSON already. Outside of texts JSON has none of these characters. */
export function escapedJson(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
