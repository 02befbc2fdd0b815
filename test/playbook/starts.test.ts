import { describe, expect, test } from 'vitest';
import { startsOf } from '../../src/playbook/starts.ts';

const git = "start:\n  - git: { hook: post-receive, ref: main, paths: ['web/**'] }\n";
const main = { hook: 'post-receive', refs: ['main'], paths: ['web/**'], skip_words: ['[skip deploy]'] };

describe('what starts a playbook must be read whatever else is wrong in it', () => {
  test.each([
    ['an action that is not there', `playbook: v1\nsteps:\n  - { id: up, uses: compose.upp }\n${git}`, [main]],
    ['no start', 'playbook: v1\nsteps: 7\n', []],
    ['a start of another shape', 'playbook: v1\nstart: { git: main }\n', undefined],
    ['a hook that there is not', git.replace('post-receive', 'pre-receive'), undefined],
    ['no YAML', 'start: [\n', undefined],
    ['no map', '7\n', []],
  ])('%s', (_what, text, starts) => {
    expect(startsOf({ file: 'deploy.yml', text })).toEqual(starts);
  });
});
