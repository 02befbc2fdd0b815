/**
 * Takes values out of a program's output that its environment marks as secret by name, and passwords out of addresses.
 * The engine masks known secrets everywhere; this catches those that only the shell knows.
 */
export function maskOutput(text: string, env: Readonly<Record<string, string>>): string {
  let masked = withoutPasswords(text);
  for (const [name, value] of Object.entries(env)) {
    if (value.length >= 6 && isSecretName(name)) masked = masked.replaceAll(value, '***');
  }
  return masked;
}

/** Whether a variable's name says that its value is a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

/** The passwords in the addresses of a text: `pw` of `postgres://me:pw@db/x`. */
export function passwordsIn(text: string): string[] {
  return passwordSpans(text).flatMap(({ start, end }) => {
    const whole = text.slice(start, end);
    // Where it ends is open when there is an `@` in it, or another address beside it.
    const first = whole.split('@', 1);
    return first[0] === whole ? [whole] : [...first, whole].filter((one) => one !== '');
  });
}

const secretName = /PASS(WORD|WD|PHRASE)?|SECRET|TOKEN|(API|PRIVATE|ACCESS|SIGNING|ENCRYPTION)_?KEY|CREDENTIAL/i;

function withoutPasswords(text: string): string {
  let masked = '';
  let done = 0;
  for (const { start, end } of passwordSpans(text)) {
    masked += `${text.slice(done, start)}***`;
    done = end;
  }
  return masked + text.slice(done);
}

/**
 * Where the passwords stand, found from `://` on and never from the front: a line may be as long as a container likes, and
 * each of its letters is looked at once.
 */
function passwordSpans(text: string): { start: number; end: number }[] {
  const spans: { start: number; end: number }[] = [];
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    authority.lastIndex = at + 3;
    const [said = ''] = authority.exec(text) ?? [];
    const colon = said.indexOf(':');
    const end = said.lastIndexOf('@');
    if (/\w/.test(text[at - 1] ?? '') && colon >= 0 && end > colon + 1)
      spans.push({ start: at + 3 + colon + 1, end: at + 3 + end });
  }
  return spans;
}

const authority = /[^\s/"]*/y;
