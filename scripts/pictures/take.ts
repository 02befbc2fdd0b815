import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { docker, program } from '../../test/support/docker.ts';
import { root } from '../../test/support/images.ts';
import { commandOnTerminal } from '../../test/support/pty.ts';
import { cli, node24 } from '../../test/support/run-playbook.ts';
import { pictureOf } from './picture.ts';
import { type Row, screenOf } from './screen.ts';

/** What is typed, and what of its output is left out because another picture shows it. */
type Scene = {
  name: string;
  title: string;
  line(url: string): string;
  code: number;
  without?: { until: string; say: string };
};

const COLUMNS = 100;

const scenes: readonly Scene[] = [
  {
    name: 'plan',
    title: 'The plan of an update of the sample stack',
    line: (url) => `TAG=2 playbook plan deploy-stack.yml -i smoke_url=${url}`,
    code: 0,
  },
  {
    name: 'rolled-back',
    title: 'A run of the sample stack that is taken back',
    line: (url) => `TAG=broken playbook run deploy-stack.yml --yes -i smoke_url=${url}`,
    code: 4,
    without: { until: 'Nothing has been touched.', say: '… the plan' },
  },
];

type Options = { project: string; port: number; folder: string };

/** Deploys the sample stack as `project`, types the commands on a real terminal, and writes what it shows into the folder. */
export async function takePictures({ project, port, folder }: Options): Promise<string[]> {
  await mustBeFree(project);
  const stage = await mkdtemp(join(tmpdir(), 'playbook-pictures-'));
  const demoEnv = { PLAYBOOK_DEMO: stage, PLAYBOOK_DEMO_PROJECT: project, PLAYBOOK_DEMO_PORT: String(port) };
  const env = { ...demoEnv, PATH: await pathTo(stage), NO_COLOR: undefined };
  try {
    await demo(env);
    await mkdir(folder, { recursive: true });
    for (const scene of scenes) {
      const line = scene.line(`http://127.0.0.1:${port}/`);
      const rows = await played(scene, line, { cwd: join(stage, 'stack'), env });
      const picture = pictureOf({ title: scene.title, caption: project, rows, columns: COLUMNS });
      await writeFile(join(folder, `${scene.name}.svg`), picture);
    }
    return scenes.map(({ name }) => `${name}.svg`);
  } finally {
    await demo(env, 'down');
    await rm(stage, { recursive: true, force: true });
  }
}

/** The demo's clean-up takes away all of a project: it must be nobody else's. */
async function mustBeFree(project: string): Promise<void> {
  const filter = ['--filter', `label=com.docker.compose.project=${project}`];
  const found = await Promise.all([
    docker(['ps', '-aq', ...filter]),
    docker(['volume', 'ls', '-q', ...filter]),
    docker(['network', 'ls', '-q', ...filter]),
    docker(['images', '-q', `${project}/*`]),
  ]);
  if (found.some((ids) => ids !== '')) throw new Error(`${project} is on this engine already: name another project`);
}

/** `playbook` as it is typed, with a history of its own. */
async function pathTo(stage: string): Promise<string> {
  const bin = join(stage, 'bin');
  await mkdir(bin);
  const shim = `#!/bin/sh\nexec '${node24}' '${cli}' "$@" --state-dir '${join(stage, 'state')}'\n`;
  await writeFile(join(bin, 'playbook'), shim);
  await chmod(join(bin, 'playbook'), 0o755);
  return [bin, join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
}

type Env = Record<string, string | undefined>;

async function demo(env: Env, ...args: string[]): Promise<void> {
  const ended = await program(join(root, 'scripts/demo.sh'), args, { env });
  if (ended.code !== 0) throw new Error(`scripts/demo.sh ${args.join(' ')}: ${ended.stdout}${ended.stderr}`);
}

async function played(scene: Scene, line: string, options: { cwd: string; env: Env }): Promise<Row[]> {
  const terminal = await commandOnTerminal(['sh', '-c', line], options);
  const code = await terminal.ended;
  if (code !== scene.code) throw new Error(`${line} ended with ${code}: ${terminal.shown()}`);
  const prompt = screenOf(`\u001b[32m$\u001b[39m \u001b[1m${line}\u001b[22m`, COLUMNS);
  return [...prompt, ...without(scene, screenOf(terminal.shown(), COLUMNS))];
}

function without({ without: part }: Scene, rows: readonly Row[]): readonly Row[] {
  if (!part) return rows;
  const at = rows.findIndex((row) => textOf(row).includes(part.until));
  if (at < 0) throw new Error(`"${part.until}" was not printed`);
  return [...screenOf(`\u001b[2m${part.say}\u001b[22m`, COLUMNS), ...rows.slice(at + 1)];
}

function textOf(row: Row): string {
  return Array.from(row, (cell) => cell?.letter ?? ' ').join('');
}
