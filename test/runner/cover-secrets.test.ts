import { expect, test } from 'vitest';
import { coverSecrets } from '../../src/runner/cover-secrets.ts';

test.each([
  ['    DB_PASSWORD: hunter2', '    DB_PASSWORD: *******'],
  ['    environment: { DB_PASSWORD: "a b", PORT: [1] }', '    environment: { DB_PASSWORD: "* *", PORT: [1] }'],
  ['  - API_TOKEN=hunter2 : x', '  - API_TOKEN=******* * *'],
  [`{"api_key": "x\\"y", 'TOKEN': 'z'}`, `{"api_key": "**"*", 'TOKEN': '*'}`],
  ['line 3: near "B C@=x API_KEY=abc"', 'line 3: near "B C@=x API_KEY=***"'],
  ['url: postgres://me:hunter2@db/x', 'url: postgres://me:*******@db/x'],
])('a line shown of a file must cover what its names tell of, letter by letter: %s', (line, shown) => {
  expect(coverSecrets(line)).toBe(shown);
});

test.each([
  'headers: { authorization: { secret: hook } }',
  'secrets: [spoken]',
  'secret: hook',
  'DB_PASSWORD: ${DB_PASSWORD:?set it}',
  "api_token: '{{inputs.token}}'",
  'DB_PASSWORD_FILE: /run/secrets/db',
  'image: shop/web:1.5@sha256:abc',
  'token: { environment: TOKEN }',
])('and nothing else: %s', (line) => {
  expect(coverSecrets(line)).toBe(line);
});
