import { describe, expect, test } from 'vitest';
import { composeProblem } from '../../../runners/clients/compose-problem.ts';

const web = (more: string) => `services:\n  web:\n    image: a\n${more}`;

/** What Compose 2.26.1 says, the file it says it of, and the line and column that a person should look at. */
const cases: [name: string, said: string, text: string, place: [number, number]][] = [
  [
    'an unknown key of a service',
    'validating /s/c.yml: services.web Additional property imagee is not allowed',
    'services:\n  web:\n    imagee: a\n',
    [3, 5],
  ],
  [
    'an unknown top-level key',
    'validating /s/c.yml: (root) Additional property foo is not allowed',
    'services: {}\nfoo: 1\n',
    [2, 1],
  ],
  [
    'a wrong type',
    'validating /s/c.yml: services.web.image must be a string',
    'services:\n  web:\n    image: [a]\n',
    [3, 5],
  ],
  [
    'a dependency that does not exist',
    'service "web" depends on undefined service "dbx": invalid compose project',
    web('    depends_on: [api, dbx]\n'),
    [4, 23],
  ],
  [
    'a dependency in the long form',
    'service "web" depends on undefined service "dbx": invalid compose project',
    web('    depends_on:\n      dbx: { condition: service_started }\n'),
    [5, 7],
  ],
  [
    'a network that does not exist',
    'service "web" refers to undefined network foo: invalid compose project',
    web('    networks: [foo]\n'),
    [4, 16],
  ],
  [
    'a volume that does not exist',
    'service "web" refers to undefined volume foo: invalid compose project',
    web('    volumes: ["foo:/x"]\n'),
    [4, 15],
  ],
  [
    'no image',
    'service "web" has neither an image nor a build context specified: invalid compose project',
    'services:\n  web:\n    command: x\n',
    [2, 3],
  ],
  [
    'a required variable',
    'error while interpolating services.web.image: required variable TAG is missing a value: say it',
    'services:\n  web:\n    image: a:${TAG:?say it}\n',
    [3, 5],
  ],
  [
    'a broken variable',
    'invalid interpolation format for services.web.image.\nYou may need to escape any $ with another $.\na:${TAG',
    'services:\n  web:\n    image: "a:${TAG"\n',
    [3, 5],
  ],
  [
    'a bad duration',
    `decoding failed due to the following error(s):\n\nerror decoding 'services[web].healthcheck.interval': time: unknown unit "q" in duration "3q"`,
    web('    healthcheck: { interval: 3q }\n'),
    [4, 20],
  ],
  ['a bad port', 'Invalid containerPort: y', web('    ports: ["x:y"]\n'), [4, 13]],
  [
    'an env file that is missing',
    'env file /s/nope.env not found: stat /s/nope.env: no such file or directory',
    web('    env_file: nope.env\n'),
    [4, 15],
  ],
  [
    'an include that is missing',
    'open /s/nope.yml: no such file or directory',
    `include: [nope.yml]\n${web('')}`,
    [1, 11],
  ],
  [
    'a base that does not exist',
    'cannot extend service "web" in /s/c.yml: service "base" not found',
    web('    extends: { service: base }\n'),
    [4, 5],
  ],
  ['a circle', 'dependency cycle detected: web -> db -> web', web('    depends_on: [db]\n'), [4, 5]],
  ['a list of services', 'services must be a mapping', 'name: x\nservices: []\n', [2, 1]],
  [
    'bad indentation',
    'yaml: line 1: did not find expected key',
    'services:\n  web:\n    image: a\n   command: x\n',
    [4, 1],
  ],
  ['tabs', 'yaml: line 2: found character that cannot start any token', 'services:\n\tweb:\n', [2, 1]],
  [
    'a key twice',
    'yaml: unmarshal errors:\n  line 4: mapping key "web" already defined at line 2',
    'services:\n  web:\n    image: a\n  web:\n    image: b\n',
    [4, 3],
  ],
  ['an empty file', 'empty compose file', '', [1, 1]],
  ['words that are not known', 'something new went wrong', web(''), [1, 1]],
];

describe("the place of Compose's complaint", () => {
  test.each(cases)('%s must be found again in the user’s file', (_name, said, text, [line, column]) => {
    const problem = composeProblem(said, [{ file: '/s/c.yml', text }]);
    expect(problem).toMatchObject({ code: 'invalid-compose-file', place: { file: '/s/c.yml', line, column } });
    expect(problem.message).toMatch(/^The Compose file is not valid: [^\n]+[^.\n]$/);
  });

  test('of several files the one that has the key must be named, the last where it is in more', () => {
    const files = [
      { file: '/s/c.yml', text: web('') },
      { file: '/s/override.yml', text: 'services:\n  web:\n    imagee: b\n' },
      { file: '/s/more.yml', text: 'services:\n  api:\n    image: b\n' },
    ];
    const said = 'validating /s/override.yml: services.web Additional property imagee is not allowed';
    expect(composeProblem(said, files).place).toEqual({ file: '/s/override.yml', line: 3, column: 5 });
    const none = 'service "web" has neither an image nor a build context specified: invalid compose project';
    expect(composeProblem(none, files).place).toMatchObject({ file: '/s/override.yml', line: 2 });
  });

  test('a key that is inherited must be found in the service that has it', () => {
    const files = [
      { file: '/s/c.yml', text: 'services:\n  web:\n    extends: { file: base.yml, service: base }\n' },
      { file: '/s/base.yml', text: 'services:\n  base:\n    imagee: a\n' },
      { file: '/s/over.yml', text: 'services:\n  web:\n    command: x\n' },
    ];
    const said = 'validating /s/c.yml: services.web Additional property imagee is not allowed';
    expect(composeProblem(said, files).place).toEqual({ file: '/s/base.yml', line: 3, column: 5 });
  });

  test('a key that no file has must not be given a place in another service', () => {
    const said = 'service "web" depends on undefined service "dbx": invalid compose project';
    const files = [{ file: '/s/c.yml', text: 'services:\n  api:\n    depends_on: [dbx]\n' }];
    expect(composeProblem(said, files).place).toEqual({ file: '/s/c.yml', line: 1, column: 1 });
  });
});
