import { expect, test } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { type AskedFor, askedFor, optionsOf, placeIn } from '../../../src/cli/completion/asked-for.ts';

const none = { file: [], profile: [], envFile: [] };

const asked = (...words: string[]): Partial<Record<keyof AskedFor | 'option' | 'argument' | 'playbook', unknown>> => {
  const { command: _command, ...rest } = { command: undefined, ...askedFor(words, COMMANDS) };
  return rest;
};

test.each<[string[], object]>([
  [[], { what: 'command' }],
  [['ru'], { what: 'command' }],
  [['run', ''], { what: 'argument', argument: 'playbook' }],
  [['run', '-f', ''], { what: 'value', option: '--file' }],
  [['run', 'x.yml', '--input', 'a'], { what: 'value', option: '--input', playbook: 'x.yml' }],
  [['run', '-i', 'a=1', 'x.yml', '-i', ''], { what: 'value', option: '--input', playbook: 'x.yml' }],
  [['run', '--yes', ''], { what: 'argument', argument: 'playbook' }],
  [['run', '-'], { what: 'option' }],
  [['run', 'x.yml', ''], { what: 'nothing' }],
  [['check', 'a.yml', 'b.yml', ''], { what: 'argument', argument: 'playbook' }],
  [['rollback', ''], { what: 'argument', argument: 'release' }],
  [['rollback', '-i', ''], { what: 'value', option: '--input', playbook: 'rollback' }],
  [['resume', 'k3f9', '--as', ''], { what: 'value', option: '--as' }],
  [['nonsense', ''], { what: 'nothing' }],
])('what can stand at the cursor must follow from the words before it: %j', (words, wanted) => {
  expect(asked(...words)).toMatchObject(wanted);
});

test.each<[string[], object]>([
  [['show', '--state-dir', '/srv/state', ''], { ...none, stateDir: '/srv/state' }],
  [['show', '--state-dir=/srv/a=b', ''], { ...none, stateDir: '/srv/a=b' }],
  [['run', '-f', 'a.yml', '--file=b.yml', '-p', 'shop', ''], { ...none, file: ['a.yml', 'b.yml'], project: 'shop' }],
  [
    ['plan', 'x.yml', '--project-directory', '/srv', '--profile', 'debug', '--context', 'far', '-i', ''],
    { ...none, projectDirectory: '/srv', profile: ['debug'], context: 'far' },
  ],
  // The word at the cursor is not finished.
  [['show', '--state-dir', '/srv/st'], none],
  [['nonsense', '--state-dir', '/srv/state', ''], {}],
])('which stack and which history is meant must follow from the words before: %j', (words, wanted) => {
  expect(placeIn(words, COMMANDS)).toEqual(wanted);
});

test.each(COMMANDS)('every option of $name must be offered', (command) => {
  expect(optionsOf(command)).toHaveLength(command.options.length);
});
