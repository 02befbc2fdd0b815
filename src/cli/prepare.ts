import { dirname } from 'node:path';
import { Problems } from '../errors.ts';
import { buildPlan } from '../plan/build.ts';
import type { Plan, StackHeader } from '../plan/types.ts';
import { resolveInputs } from '../playbook/inputs.ts';
import { loadPlaybook } from '../playbook/load.ts';
import { resolveTarget } from '../playbook/target.ts';
import type { Playbook } from '../playbook/types.ts';
import type { Json, Look, Target } from '../runner/contract.ts';
import type { Registry } from '../runner/registry.ts';
import { thisActor } from './actor.ts';
import type { Invocation } from './command.ts';
import { driftSinceLast } from './drift.ts';
import { problemsText } from './failure.ts';
import type { History } from './history-access.ts';
import { createLook, type Memory } from './look.ts';
import type { Ahead } from './look-ahead.ts';
import { findPlaybook, type PlaybookSource } from './lookup.ts';
import type { OpenResources } from './resources.ts';
import { createSecrets, missingSecrets, type SecretSources, type Secrets } from './secrets.ts';
import { openRegistry, passwordsIn, stackReads } from './wire.ts';
import { readFacts } from './world.ts';

/** All that a run will be bound to. */
export type Prepared = {
  playbook: Playbook;
  inputs: Record<string, Json>;
  tainted: string[];
  target: Target;
  plan: Plan;
  /** The rendered Compose file that the run will work with. */
  frozen: string;
  secrets: Secrets;
  /** Connections and answers of this look at the world; whoever asked for it closes them. */
  resources: OpenResources;
};

/** What the user's words and files come to, before anything else is looked at. */
export type Resolved = Omit<Prepared, 'plan' | 'frozen' | 'resources'>;

/** Reads the playbook, unless its text is known, and what it is given; throws every problem there is. Changes nothing. */
export async function resolvePlaybook(invocation: Invocation, ahead: Ahead, known?: PlaybookSource): Promise<Found> {
  try {
    const source = known ?? findPlaybook(invocation.args[0], invocation.io.cwd);
    const resolved = await resolve(source, openRegistry(), invocation);
    return { resolved, resources: ahead.for(resolved.target) };
  } catch (error) {
    ahead.close();
    throw error;
  }
}

export type Found = { resolved: Resolved; resources: OpenResources };

export type Preparing = {
  invocation: Invocation;
  history: Pick<History, 'memory' | 'store'>;
  /** Where the files of the target are as they will be: see `Look`. */
  shadow?: string;
};

/** Looks at the world and plans, from reads alone. What was opened for it stays open: a run goes on with it. */
export async function prepare(
  resolved: Resolved,
  resources: OpenResources,
  { invocation, history, shadow }: Preparing,
): Promise<Prepared> {
  const registry = openRegistry();
  try {
    const look = await lookAt(resolved, invocation, resources, history.memory, shadow);
    await resolved.secrets.learn();
    resolved.secrets.hide(await stackReads.secretValues(look));
    const plan = await planned({ resolved, registry, look }, invocation, history);
    plan.warnings.push(...missingSecrets(sourcesOf(resolved.playbook, resolved.target, invocation.io.env)));
    return { ...resolved, target: look.target, plan, frozen: await stackReads.freeze(look), resources };
  } catch (error) {
    resources.close();
    throw error;
  }
}

/** A look at the stack that a playbook is about. */
export function lookOf({ resolved, resources }: Found, invocation: Invocation, memory: Memory): Promise<Look> {
  return lookAt(resolved, invocation, resources, memory);
}

async function resolve(source: PlaybookSource, registry: Registry, { flags, io }: Invocation): Promise<Resolved> {
  const { playbook, problems } = await loadPlaybook(source, registry);
  if (playbook === undefined) throw new Problems(problems);
  if (problems.length > 0 && !flags.quiet && !flags.json) io.err(await problemsText(problems, io));
  const { inputs, tainted } = resolveInputs(playbook, { ...flags.input }, { outside: false, cwd: io.cwd });
  const target = resolveTarget(playbook, { inputs }, targetFlags(flags), io.cwd);
  const secrets = createSecrets(sourcesOf(playbook, target, io.env));
  io.mask(secrets.mask);
  // An address that was typed with a password in it is shown in plans and kept in the journal: without the password.
  secrets.hide(await passwordsIn(`${source.text} ${JSON.stringify(inputs)}`));
  return { playbook, inputs, tainted, target, secrets };
}

function sourcesOf({ secrets: declared }: Playbook, { directory }: Target, env: SecretSources['env']): SecretSources {
  return { declared, env, directory };
}

function targetFlags(flags: Invocation['flags']): Parameters<typeof resolveTarget>[2] {
  return {
    files: [...flags.file],
    env_files: [...flags.envFile],
    profiles: [...flags.profile],
    ...(flags.project !== undefined && { project: flags.project }),
    ...(flags.projectDirectory !== undefined && { directory: flags.projectDirectory }),
    ...(flags.context !== undefined && { context: flags.context }),
  };
}

async function lookAt(
  { target, playbook }: Resolved,
  { io }: Invocation,
  resources: OpenResources,
  memory: Memory,
  shadow?: string,
): Promise<Look> {
  const under = shadow === undefined ? {} : { shadow };
  const options = {
    target,
    resources,
    memory,
    playbook_dir: dirname(playbook.file),
    moment: true as const,
    ...under,
    ...unbound(io),
  };
  if (target.release === undefined) return createLook(options, stackReads.header);
  const { lookAtRelease } = await import('./pinned-release.ts');
  return lookAtRelease({ ...options, secrets: playbook.secrets }, target.release);
}

/** Reading is stopped by Ctrl-C as any program is: nothing has to be put back yet. */
function unbound({ env }: Invocation['io']): { env: Look['env']; signal: AbortSignal } {
  return { env, signal: new AbortController().signal };
}

type Ready = { resolved: Resolved; registry: Registry; look: Look };

async function planned(ready: Ready, { flags, io }: Invocation, { store }: Pick<History, 'store'>): Promise<Plan> {
  const { resolved, registry, look } = ready;
  const [header, from_shell] = await Promise.all([stackReads.header(look), fromShell(look)]);
  const { playbook, inputs, tainted } = resolved;
  const drift = await driftOf(header, look);
  return buildPlan({
    playbook,
    inputs,
    tainted,
    registry,
    look,
    header,
    facts: (names) => readFacts(names, registry, look),
    overrides: flags.override,
    actor: thisActor(io.env),
    now: Date.now(),
    durations: durations(playbook.name, header, store),
    from_shell,
    ...(drift && { drift }),
  });
}

/** Where there is a stack, and it can be asked. */
async function driftOf({ project, engine_version }: StackHeader, look: Look): Promise<Plan['drift']> {
  if (project === '' || engine_version === '') return undefined;
  const releases = await look.releases.list();
  const last = releases.length === 0 ? undefined : driftSinceLast(releases, await stackReads.services(look));
  return last && { since: last.release.id, differences: last.differences };
}

const EARLIER_RUNS = 20;

/** How long runs of this playbook took on this stack, where they changed something. */
function durations(playbook: string, { project, engine_id }: StackHeader, store: History['store']): number[] {
  const rows = store?.runs({ project, engine_id, statuses: ['succeeded'], limit: EARLIER_RUNS }) ?? [];
  return rows
    .filter((row) => row.playbook === playbook)
    .flatMap(({ started_at, ended_at }) => (started_at && ended_at ? [ended_at - started_at] : []));
}

/** Names of variables of the Compose file that the shell sets and the playbook does not. */
async function fromShell(look: Look): Promise<string[]> {
  const names = await stackReads.variables(look);
  return names.filter((name) => name in look.env && !(name in look.target.env)).sort();
}
