import { expect, test } from 'vitest';
import { dockerLines } from '../support/docker.ts';
import { withStack } from '../support/stack.ts';

const service = `
    image: '$PROJECT/web:1'
    command: [sleep, '600']
    stop_grace_period: 0s
    labels: { __proto__: mine, constructor: mine }
    environment: { __proto__: mine, toString: '{{inputs.x}} $$HOME $$(id)' }
`;

const playbook = `playbook: v1
name: named
inputs: { x: { type: string } }
steps:
  - { id: build, uses: compose.build }
  - { id: up, uses: compose.up }
  - { id: once, uses: compose.run, with: { service: built, argv: ['printf', '[%s]', '{{inputs.x}}', '--help'] } }
`;

/** Options of the programs, words of JavaScript, and what shells and templates would read as code, are all just names. */
test('services called as options are, and labels, variables and inputs that read as code, must do nothing but be there', async () => {
  const files = {
    'compose.yml': `services:\n  '--help':${service}  '--remove-orphans':${service}  built: { build: built, command: [sleep, '600'], stop_grace_period: 0s }\n`,
    'built/Dockerfile': 'FROM playbook-fixture/app:1\n',
    'named.yml': playbook,
  };
  await withStack('named', files, async (stack) => {
    await stack.image('web:1', '1');
    const hostile = '$(touch pwned) `id` {{inputs.x}} ${HOME}; -n\n--help';
    const run = await stack.playbook(['run', 'named.yml', '--yes', '-i', `x=${hostile}`]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('[$(touch pwned) `id` {{inputs.x}} ${HOME}; -n\n');
    const format = '{{.Label "com.docker.compose.service"}} {{.Label "__proto__"}} {{.State}}';
    const filter = `label=com.docker.compose.project=${stack.project}`;
    const left = await dockerLines(['ps', '-a', '--filter', filter, '--format', format]);
    expect(left.toSorted()).toEqual(['--help mine running', '--remove-orphans mine running', 'built  running']);
  });
});
