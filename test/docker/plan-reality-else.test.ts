import { describe, expect, test } from 'vitest';
import { docker } from '../support/docker.ts';
import type { TestStack } from '../support/stack.ts';
import { changeBoth, sharedTwins } from '../support/twins.ts';

const web = (more = '') => `web: { image: '$PROJECT/web:1', command: [sleep, '600'], stop_grace_period: 0s${more} }`;
const calm = "calm: { image: '$PROJECT/web:1', stop_grace_period: 0s }";
const compose = (services: string, rest = '') => `services: { ${services} }\n${rest}`;

const both = sharedTwins('else', { 'compose.yml': compose(`${web()}, ${calm}`) });

type Case = {
  name: string;
  /** To each of the twins, before it is brought up. */
  act: (stack: TestStack) => Promise<unknown>;
  told: readonly string[];
  ours: readonly string[];
  /** Where it differs: the design means to do other than Compose. */
  theirs?: readonly string[];
};

const written =
  (services: string, rest = '') =>
  (stack: TestStack) =>
    stack.write('compose.yml', compose(services, rest));
const all = (more = '') => `${web(more)}, ${calm}`;
const page = (text: string) => `configs: { page: { content: ${text} } }\n`;
const envFile = (text: string) => async (stack: TestStack) => {
  await stack.write('web.env', text);
  await written(all(', env_file: [web.env]'))(stack);
};
async function byHand({ ids }: TestStack, ...args: string[]): Promise<void> {
  await docker([...args, ...(await ids('web'))]);
}

/** Each begins where the one before it has ended. */
const cases: readonly Case[] = [
  { name: 'an env_file with a variable', act: envFile('ONE=1\n'), told: ['recreate web'], ours: ['web'] },
  { name: 'another value in it', act: envFile('ONE=2\n'), told: ['recreate web'], ours: ['web'] },
  {
    name: 'a container that was stopped by hand',
    act: (stack) => byHand(stack, 'stop', '-t', '0'),
    told: ['start web'],
    ours: ['web'],
  },
  {
    name: 'a container that was removed by hand',
    act: (stack) => byHand(stack, 'rm', '-f'),
    told: ['create web'],
    ours: ['web'],
  },
  {
    name: 'a name that points to another image',
    act: (stack) => stack.image('web:1', '2'),
    told: ['recreate calm', 'recreate web'],
    ours: ['calm', 'web'],
  },
  { name: 'an env_file that is taken away', act: written(all()), told: ['recreate web'], ours: ['web'] },
  { name: 'two replicas', act: written(all(', scale: 2')), told: ['scale web'], ours: ['web'] },
  { name: 'one replica again', act: written(all()), told: ['scale web'], ours: ['web'] },
  {
    name: 'a service that is new',
    act: written(`${all()}, more: { image: '$PROJECT/web:1', stop_grace_period: 0s }`),
    told: ['create more'],
    ours: ['more'],
  },
  {
    name: 'a profile that keeps it out',
    act: written(`${all()}, more: { image: '$PROJECT/web:1', profiles: [extra] }`),
    told: [],
    ours: [],
  },
  {
    name: 'a config with content',
    act: written(all(', configs: [page]'), page('one')),
    told: ['recreate web'],
    ours: ['web'],
  },
  {
    name: 'another content, which Compose does not see',
    act: written(all(', configs: [page]'), page('two')),
    told: ['recreate web'],
    ours: ['web'],
    theirs: [],
  },
  {
    name: 'a service that extends another one',
    act: written(`${all()}, more: { extends: web, environment: { MORE: '1' } }`),
    told: ['recreate more', 'recreate web'],
    ours: ['more', 'web'],
  },
];

describe('a plan must name what the run does, and what Compose would do, of', () => {
  test.each(cases)('$name', async ({ act, told, ours, theirs = ours }) => {
    const ended = await changeBoth(both(), act);
    const named = ended.told.map(({ verb, target }) => `${verb} ${target}`).toSorted();
    expect({ code: ended.code, did: ended.did, named }).toEqual({ code: 0, did: { ours, theirs }, named: told });
  });

  test('nothing at all', async () => {
    const plan = (await both().ours.playbook(['plan', 'up.yml', '--json'])).json();
    expect(plan).toMatchObject({ verdict: 'nothing-to-do' });
    expect((await changeBoth(both(), async () => undefined)).did).toEqual({ ours: [], theirs: [] });
  });
});
