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
  for (const stack of [ours, theirs]) await act(stack);
  const before = { ours: await containersOf(ours), theirs: await containersOf(theirs) };
  const run = await ours.playbook(['run', 'up.yml', '--yes']);
  await theirs.compose(['up', '-d']);
  const { changes } = (await ours.playbook(['show', '--plan', '--json'])).json() as { changes: Told[] };
  const did = {
    ours: replaced(before.ours, await containersOf(ours)),
    theirs: replaced(before.theirs, await containersOf(theirs)),
  };
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
