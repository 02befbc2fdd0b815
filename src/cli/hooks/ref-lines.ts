/** What git tells a hook of one ref on its standard input. */
export type RefChange = { ref: string; from?: string; to?: string };

/** `LOCAL-REF LOCAL-OID REMOTE-REF REMOTE-OID`, as `pre-push` gets it. An object name of zeros is none. */
export function pushedRefs(text: string): RefChange[] {
  return rows(text).flatMap(([_local, to, ref, from]) => change(ref, from, to));
}

/** `OLD-OID NEW-OID REF`, as `pre-receive` and `post-receive` get it. */
export function receivedRefs(text: string): RefChange[] {
  return rows(text).flatMap(([from, to, ref]) => change(ref, from, to));
}

function rows(text: string): string[][] {
  // No ref may hold a blank.
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' '));
}

function change(ref: string | undefined, from: string | undefined, to: string | undefined): RefChange[] {
  if (ref === undefined || !isOid(from) || !isOid(to)) return [];
  return [{ ref, ...(isThere(from) && { from }), ...(isThere(to) && { to }) }];
}

function isOid(text: string | undefined): text is string {
  return text !== undefined && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

function isThere(oid: string): boolean {
  return !/^0+$/.test(oid);
}
