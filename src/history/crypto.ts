import type * as Crypto from 'node:crypto';

/** `node:crypto`, loaded by the first who uses it: reading the history needs none of it, and loading takes 5 ms of its 100. */
export function crypto(): typeof Crypto {
  return process.getBuiltinModule('node:crypto');
}
