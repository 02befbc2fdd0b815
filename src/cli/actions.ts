import { Refusal } from '../errors.ts';
import { nearest } from '../playbook/nearest.ts';
import { jsonText } from '../report/gate.ts';
import { beside, padTo } from '../report/layout.ts';
import type { Style } from '../report/style.ts';
import type { Runner } from '../runner/contract.ts';
import type { Registry } from '../runner/registry.ts';
import { actionJson, actionPage } from './action-page.ts';
import type { Invocation } from './command.ts';
import { openRegistry } from './wire.ts';

/** `playbook actions [NAME]`: everything that a step or a guard may use, or the page of one of them. */
export async function actions({ args, flags, io }: Invocation): Promise<number> {
  const registry = openRegistry();
  const [name] = args;
  const runners = await (name === undefined ? findAll(registry) : findOne(name, registry));
  if (flags.json) {
    const described = runners.map(([each, runner]) => actionJson(each, runner));
    io.out(`${jsonText(name === undefined ? described : described[0], 2)}\n`);
    return 0;
  }
  for (const [each, runner] of name === undefined ? [] : runners) io.out(actionPage(each, runner, io.style));
  if (name === undefined) io.out(listOf(runners, io.style));
  return 0;
}

type Named = readonly [name: string, runner: Runner];

async function findAll(registry: Registry): Promise<Named[]> {
  return Promise.all(registry.names.map(async (name) => [name, await found(name, registry)] as const));
}

async function findOne(name: string, registry: Registry): Promise<Named[]> {
  return [[name, await found(name, registry)]];
}

async function found(name: string, registry: Registry): Promise<Runner> {
  const runner = await registry.find(name);
  if (runner !== undefined) return runner;
  const guess = nearest(name, registry.names);
  const hint = guess ? `Did you mean ${guess}?` : 'playbook actions lists what there is.';
  throw new Refusal('usage', `There is no action or guard ${name}.`, { hint });
}

const HEADINGS = [
  ['action', 'Actions, for `steps`'],
  ['guard', 'Guards, for `guards`'],
  ['trigger', 'Triggers, for `rollback`'],
] as const;

function listOf(runners: readonly Named[], style: Style): string {
  const names = Math.max(...runners.map(([name]) => name.length)) + 2;
  const sections = HEADINGS.map(([kind, heading]) => {
    const lines = runners.filter(([, runner]) => runner.kind === kind);
    const text = lines.flatMap(([name, runner]) => beside(`  ${padTo(name, names)}`, runner.summary, style.width));
    return text.length === 0 ? '' : `${style.strong(heading)}:\n${text.join('\n')}\n\n`;
  });
  return `${sections.join('')}The page of one of them: playbook actions NAME\n`;
}
