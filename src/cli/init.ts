import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Refusal } from '../errors.ts';
import { packageRoot, shippedPlaybooks } from '../package-root.ts';
import { jsonText } from '../report/gate.ts';
import type { StackSurvey } from '../runner/stack-survey.ts';
import { smokeCandidates, TEMPLATES, type Template, templateFor } from '../starter/choose.ts';
import { advice, foundLines } from '../starter/say.ts';
import { type Starter, writeStarter } from '../starter/write.ts';
import { answer } from './ask.ts';
import type { Invocation } from './command.ts';
import { readHistory } from './history-access.ts';
import { STARTER } from './lookup.ts';
import { withStackLook } from './stack-look.ts';
import { stackReads } from './wire.ts';

/** `playbook init`: looks at the stack here, and writes a playbook that fits it. */
export async function init(invocation: Invocation): Promise<number> {
  const { flags, io } = invocation;
  const file = flags.output ?? STARTER;
  const path = resolve(io.cwd, file);
  if (file !== '-' && existsSync(path)) throw thereAlready(file);
  const chosen = templateNamed(flags.template);
  const survey = await look(invocation);
  const template = chosen ?? templateFor(survey);
  const smoke = await smokeUrl(survey, invocation);
  const text = writeStarter({
    template,
    shipped: readFileSync(join(shippedPlaybooks(), `${template}.yml`), 'utf8'),
    survey,
    schema: join(packageRoot(), 'schemas', 'playbook.schema.json'),
    target: targetOf(invocation),
    ...(smoke && { smoke_url: smoke.url }),
  });
  if (file === '-') {
    io.out(text);
    return 0;
  }
  write(path, file, text);
  if (flags.json) io.out(`${jsonText({ file: path, template, smoke_url: smoke?.url, ...survey }, 2)}\n`);
  else if (!flags.quiet) io.out(told({ survey, file, template, smoke }, invocation));
  return 0;
}

type Smoke = { url: string; because: string } | undefined;

async function look(invocation: Invocation): Promise<StackSurvey> {
  const history = readHistory(invocation);
  try {
    return await withStackLook(invocation, history.memory, (each) => stackReads.survey(each));
  } finally {
    history.close();
  }
}

/** An address that answers needs no question; one that does not is only taken from a person. */
async function smokeUrl(survey: StackSurvey, invocation: Invocation): Promise<Smoke> {
  const candidates = smokeCandidates(survey);
  for (const { url } of candidates.filter(({ running }) => running)) {
    const status = await stackReads.answers(url);
    if (status !== undefined && status >= 200 && status < 300) return { url, because: `it answers ${status}` };
  }
  const [first] = candidates;
  if (first === undefined || invocation.flags.yes) return undefined;
  const said = await answer(
    `Which address must answer 2xx after a deploy? (such as ${first.url}; empty: none)`,
    invocation,
  );
  if (said === undefined || said === '') return undefined;
  if (!URL.canParse(said) || !/^https?:$/.test(new URL(said).protocol) || said.includes("'"))
    throw new Refusal('usage', `${said} is no address.`, { hint: `Such as ${first.url}. Nothing was written.` });
  return { url: said, because: 'you said so' };
}

function templateNamed(name: string | undefined): Template | undefined {
  const found = TEMPLATES.find((each) => each === name);
  if (name === undefined || found) return found;
  throw new Refusal('usage', `There is no template ${name}.`, { hint: `Templates: ${TEMPLATES.join(', ')}.` });
}

/** What was said of the stack holds for every later run; paths count from the stack's folder. */
function targetOf({ flags, io }: Invocation): Starter['target'] {
  const [first] = flags.file;
  const folder = first === undefined ? io.cwd : resolve(io.cwd, first, '..');
  const from = flags.projectDirectory === undefined ? folder : resolve(io.cwd, flags.projectDirectory);
  const paths = (given: readonly string[]) => given.map((path) => relative(from, resolve(io.cwd, path)));
  return {
    ...(flags.file.length > 0 && { files: paths(flags.file) }),
    ...(flags.project !== undefined && { project: flags.project }),
    ...(flags.profile.length > 0 && { profiles: [...flags.profile] }),
    ...(flags.envFile.length > 0 && { env_files: paths(flags.envFile) }),
    ...(flags.context !== undefined && { context: flags.context }),
  };
}

function write(path: string, file: string, text: string): void {
  try {
    // `wx`: whoever was faster keeps what he wrote.
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw thereAlready(file);
    const reason = error instanceof Error ? error.message.replace(/,.*$/s, '') : String(error);
    throw new Refusal('usage', `${file} cannot be written: ${reason}.`, { cause: error });
  }
}

function thereAlready(file: string): Refusal {
  return new Refusal('usage', `${file} is there already, and stays as it is.`, {
    hint: 'Say another name with -o; -o - prints the playbook.',
  });
}

type Told = { survey: StackSurvey; file: string; template: Template; smoke: Smoke };

function told({ survey, file, template, smoke }: Told, { io: { style } }: Invocation): string {
  const services = survey.services.length === 1 ? '1 service' : `${survey.services.length} services`;
  const asked = smoke
    ? `After a deploy ${smoke.url} is asked: ${smoke.because}.`
    : 'No address is asked after a deploy: -i smoke_url=URL names one for a run.';
  const worth = advice(survey);
  return [
    `${style.strong(survey.project)}: ${services} in ${survey.files.join(', ')}`,
    ...foundLines(survey).map((line) => `  ${line}`),
    '',
    `${style.good('✓')} ${style.strong(file)} is written, from the shipped ${template}.`,
    `  ${asked}`,
    ...(worth.length === 0 ? [] : ['', 'Worth doing in the Compose file:']),
    ...worth.flatMap(([why = '', ...lines]) => [`  ${why}`, ...lines.map((line) => `      ${line}`)]),
    '',
    `Next: playbook plan ${file}, then playbook run ${file}`,
    '',
  ].join('\n');
}
