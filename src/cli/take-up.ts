import { dirname } from 'node:path';
import type { Program } from '../engine/program.ts';
import type { RunState } from '../engine/run-state.ts';
import { foldEvents } from '../engine/state.ts';
import { Refusal } from '../errors.ts';
import { requireWhole } from '../history/integrity.ts';
import { frozenFile, readProgram } from '../history/run-files.ts';
import { runFolder } from '../history/run-folder.ts';
import type { Look } from '../runner/contract.ts';
import type { Invocation } from './command.ts';
import { conduct } from './conduct.ts';
import { type OpenHistory, openHistory } from './history-access.ts';
import { createLook } from './look.ts';
import { createResources, type OpenResources } from './resources.ts';
import { createSecrets } from './secrets.ts';
import type { SessionOptions } from './session.ts';
import { engineReader, stackReads } from './wire.ts';

/** What is done with a run that is taken up again; `read` gives its state as it is once nobody else can add to it. */
export type Work = (session: SessionOptions, read: () => RunState) => Promise<RunState>;

/** Takes up a run of the history with what it is bound to, on the engine it worked on, and carries it to an end. */
export async function takeUp(invocation: Invocation, run: string, work: Work): Promise<RunState> {
  const history = openHistory(invocation);
  const resources = createResources();
  try {
    requireWhole(history.dir);
    const read = () => foldEvents(history.store.events(run));
    const program = await readProgram(runFolder(history.dir, run));
    const secrets = createSecrets({
      declared: program.playbook.secrets,
      env: invocation.io.env,
      directory: program.target.directory,
    });
    invocation.io.mask(secrets.mask);
    const look = lookOf(program, { invocation, history, resources });
    await requireSameEngine(program, look);
    await secrets.learn();
    secrets.hide(await stackReads.secretValues(look));
    const conducted = { invocation, history, program, secrets, resources, state: read() };
    return await conduct(conducted, (session) => work(session, read));
  } finally {
    resources.close();
    history.close();
  }
}

/** For what is asked before the run is taken up: the stack as it was frozen, in the user's environment. */
function lookOf(
  { run, plan, target, playbook }: Program,
  { invocation, history, resources }: { invocation: Invocation; history: OpenHistory; resources: OpenResources },
): Look {
  const options = {
    target,
    resources,
    signal: new AbortController().signal,
    memory: history.memory,
    env: invocation.io.env,
    playbook_dir: dirname(playbook.file),
    frozen: frozenFile(runFolder(history.dir, run)),
  };
  return createLook(options, async () => plan.stack);
}

/** What another engine lacks would be made there, and the stack would be left as it is. */
async function requireSameEngine({ run, plan }: Program, look: Look): Promise<void> {
  const { engine_id, engine_name } = plan.stack;
  const { id } = await (await engineReader(look)).version();
  if (id === engine_id) return;
  throw new Refusal(
    'unavailable',
    `This is another engine than the one that run ${run} worked on (${engine_name}, ${engine_id}).`,
    {
      hint: 'Choose that one, by DOCKER_HOST or `docker context use`, and run this again. Nothing was changed.',
    },
  );
}
