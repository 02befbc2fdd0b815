import { dockerLines } from './docker.ts';
import { shared } from './shared.ts';
import { type TestStack, withStack } from './stack.ts';

/** The same stack twice: one that playbook changes, and one that plain Compose does. */
export type Twins = { ours: TestStack; theirs: TestStack };

export type Told = { verb: string; target: string; because: string[]; diff?: { what: string }[]; certainty: string };

/** Services whose containers are others now. */
type Did = { ours: string[]; theirs: string[] };

const up = 'playbook: v1\nname: up\nsteps: [{ id: up, uses: compose.up }]\n';

/** Twins for all tests of a file, started by plain Compose from these files. */
export function sharedTwins(name: string, files: Readonly<Record<string, string>>): () => Twins {
  return shared<Twins>((body) =>
    withStack(`${name}ours`, { ...files, 'up.yml': up }, (ours) =>
      withStack(`${name}theirs`, files, async (theirs) => {
        for (const stack of [ours, theirs]) {
          await stack.image('web:1', '1');
          await stack.compose(['up', '-d']);
        }
        await body({ ours, theirs });
      }),
    ),
  );
}

/** What the plan of a run names, how the run ended, and what it and `docker compose up -d` replaced. */
export async function changeBoth(
  { ours, theirs }: Twins,
  act: (stack: TestStack) => Promise<unknown>,
): Promise<{ code: number; told: Told[]; did: Did }> {
  const each = <T>(ask: (stack: TestStack) => Promise<T>) => Promise.all([ask(ours), ask(theirs)] as const);
  await each(act);
  const before = await each(containersOf);
  const [run] = await Promise.all([ours.playbook(['run', 'up.yml', '--yes']), theirs.compose(['up', '-d'])]);
  const after = await each(containersOf);
  const { changes } = (await ours.playbook(['show', '--plan', '--json'])).json() as { changes: Told[] };
  const did = { ours: replaced(before[0], after[0]), theirs: replaced(before[1], after[1]) };
  return { code: run.code, told: changes.filter(({ verb }) => verb !== 'keep'), did };
}

/** Service by ID, of what runs. */
async function containersOf({ project }: TestStack): Promise<Map<string, string>> {
  const filter = ['--filter', `label=com.docker.compose.project=${project}`];
  const lines = await dockerLines(['ps', ...filter, '--format', '{{.ID}} {{.Label "com.docker.compose.service"}}']);
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}

function replaced(before: Map<string, string>, after: Map<string, string>): string[] {
  const gone = [...before].filter(([id]) => !after.has(id)).map(([, service]) => service);
  const come = [...after].filter(([id]) => !before.has(id)).map(([, service]) => service);
  return [...new Set([...gone, ...come])].toSorted();
}
