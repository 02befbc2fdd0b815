import { expect, test } from 'vitest';
import { Refusal } from '../../src/errors.ts';
import { storageTrouble } from '../../src/history/trouble.ts';

const sqlite = (errcode: number) => Object.assign(new Error('x'), { code: 'ERR_SQLITE_ERROR', errcode });
const system = (code: string) => Object.assign(new Error('x'), { code });

test.each([
  ['a full disk', sqlite(13), 'is full'],
  ['a full disk, met by the index of the log', sqlite(4874), 'is full'],
  ['a full disk', system('ENOSPC'), 'is full'],
  ['a full quota', system('EDQUOT'), 'is full'],
  ['a read-only file', sqlite(8), 'is read-only'],
  ['a read-only folder (extended code)', sqlite(1544), 'is read-only'],
  ['a read-only disk', system('EROFS'), 'is read-only'],
  ['what cannot be opened', sqlite(14), 'cannot be opened'],
  ['a torn file', sqlite(11), 'is damaged'],
  ['a file that is no database', sqlite(26), 'is damaged'],
  ['a busy file', sqlite(5), 'is busy'],
  ['a stale snapshot', sqlite(517), 'is busy'],
  ['a failing disk', sqlite(778), 'reported an error'],
  ['a failing disk', system('EIO'), 'reported an error'],
  ['a file of somebody else', system('EACCES'), 'belongs to somebody else'],
  ['a missing file', system('ENOENT'), 'does not exist'],
])('%s must be a refusal that names the file and says what to do', (_what, error, say) => {
  const refusal = storageTrouble(error, '/state/history.db');
  expect(refusal).toBeInstanceOf(Refusal);
  expect(refusal).toMatchObject({ reason: 'unavailable', cause: error, hint: expect.stringMatching(/\.$/) });
  expect((refusal as Refusal).message).toContain(say);
  expect((refusal as Refusal).message).toContain('/state/history.db');
});

test('what is no trouble of the disk must stay what it is', () => {
  for (const error of [sqlite(1), sqlite(19), system('ERR_INVALID_STATE'), new TypeError('x'), 'text', undefined]) {
    expect(storageTrouble(error, '/x')).toBe(error);
  }
  const refusal = new Refusal('locked', 'x');
  expect(storageTrouble(refusal, '/x')).toBe(refusal);
});
