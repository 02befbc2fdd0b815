import { expect, test } from 'vitest';
import { withStack } from '../support/stack.ts';

/** What a terminal obeys: the title, the clipboard, the cursor, a cleared screen, letters in the other direction. */
const shout = String.raw`printf '\033]0;owned\007\033]52;c;b3duZWQ=\007\033[2J\033[1;1HERROR owned\342\200\256 \233 \rgone\n'`;

const compose = (says: string) => `
services:
  web:
    image: '$PROJECT/web:1'
    labels: { "shop.\\e[2Jteam": "\\e]0;owned\\a" }
    environment: { GREETING: ${JSON.stringify(says)} }
    entrypoint: [sh, -c]
    command: [${JSON.stringify(`${shout}; exec sleep 600`)}]
    stop_grace_period: 1s
    healthcheck: { test: [CMD-SHELL, ${JSON.stringify(`${shout}; test "$$GREETING" = hello`)}], interval: 300ms, retries: 2 }
`;

const playbook = `playbook: v1
name: loud
description: "\\e[2Jquiet"
steps:
  - { id: up, uses: compose.up, description: "\\e]0;owned\\a" }
  - { id: say, uses: shell.run, with: { script: ${JSON.stringify(`${shout}; ${shout} >&2`)} } }
  - { id: healthy, uses: health.wait, with: { stable_for: 0s } }
`;

// Control characters but line feeds, and the marks that turn the direction of text round.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

test('whatever a container, its healthcheck, a label, a variable or a program says, the terminal must not obey it', async () => {
  const files = { 'compose.yml': compose('hello'), 'loud.yml': playbook };
  await withStack('hostile', files, async (stack) => {
    await stack.image('web:1', '1');
    await stack.compose(['up', '-d', '--wait']);
    await stack.write('compose.yml', compose('\u001b[2J\u202eno'));
    const texts: Record<string, string> = {};
    const note = async (...args: string[]): Promise<void> => {
      const { stdout, stderr } = await stack.playbook(args);
      texts[args.join(' ')] = stdout + stderr;
    };
    await note('plan', 'loud.yml');
    await note('run', 'loud.yml', '--yes');
    for (const how of [[], ['--evidence'], ['--plan'], ['--events'], ['--json']]) await note('show', ...how);
    for (const command of ['history', 'status', 'releases']) await note(command);
    expect(texts['run loud.yml --yes']).toContain('Rolled back');
    expect(texts['show --evidence']).toContain('ERROR owned');
    expect(Object.entries(texts).filter(([, text]) => obeyed.test(text))).toEqual([]);
  });
});
