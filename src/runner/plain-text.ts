/**
 * What programs and containers say, as text and nothing else: without escape sequences, other control characters (tabs and
 * line ends stay) and the marks that turn the direction of text round. Costs its length once, whatever stands in it.
 */
export function plainText(text: string): string {
  return text.replace(escapeSequence, '').replaceAll('\r\n', '\n').replaceAll('\r', '\n').replace(unprintable, '');
}

// Control characters but tab and line feed, and the marks that turn the direction of text round.
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

// CSI (colours, cursor); OSC, DCS, SOS, PM and APC with what they carry (titles, links, the clipboard), to their end but
// never beyond the line, so that one without an end hides nothing of what follows; escapes of two characters. Each of them
// in its 7-bit and its 8-bit form. No part may begin inside itself: that is what keeps a long line cheap.
const escapeSequence =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[PX\]^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\n\u001b\u0090\u0098\u009b-\u009f]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]/g;
