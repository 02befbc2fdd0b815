import { stringify } from 'yaml';
import { Defect } from '../errors.ts';
import type { StackSurvey } from '../runner/stack-survey.ts';
import type { Template } from './choose.ts';
import { foundLines } from './say.ts';

export type Starter = {
  template: Template;
  /** The text of the shipped playbook that it begins with. */
  shipped: string;
  survey: StackSurvey;
  /** Where the editor finds the schema. */
  schema: string;
  /** Asked after the deploy; left out: nothing is. */
  smoke_url?: string;
  /** What the command line said of the stack; empty: Compose's own lookup. */
  target: { files?: string[]; project?: string; profiles?: string[]; env_files?: string[]; context?: string };
};

/** The new playbook: the shipped one with a head of its own, its name, its target and the address of its smoke test. */
export function writeStarter(starter: Starter): string {
  const { template, survey, smoke_url, target } = starter;
  const at = starter.shipped.indexOf('playbook: v1\n');
  if (at < 0) throw new Defect(`the shipped playbook ${template} has no head`);
  const name = `name: ${nameFor(survey.project)}`;
  const edits: [string, string][] = [[`name: ${template}`, name]];
  if (smoke_url !== undefined)
    edits.push(['smoke_url: { type: url, required: false,', `smoke_url: { type: url, default: '${smoke_url}',`]);
  if (Object.keys(target).length > 0)
    edits.push([
      '\nguards:\n',
      `\ntarget: ${stringify(target, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trim()}\n\nguards:\n`,
    ]);
  const body = edits.reduce(replaced, starter.shipped.slice(at));
  return `${head(starter, starter.shipped.slice(0, at))}${body}`;
}

/** A name of a playbook: what Compose allows in a project's name and a playbook's does not is left out. */
function nameFor(project: string): string {
  return `deploy-${project.replaceAll('_', '-').replace(/-+$/, '')}`;
}

function replaced(text: string, [from, to]: [string, string]): string {
  if (!text.includes(from)) throw new Defect(`the shipped playbook has no ${JSON.stringify(from)}`);
  return text.replace(from, () => to);
}

/** Inputs and the way back are described as in the shipped playbook; what it is for, and what was found, stand above. */
function head({ template, survey, schema }: Starter, shipped: string): string {
  const kept = shipped.split('\n').filter((line) => line.startsWith('#'));
  const inputs = kept.findIndex((line) => line.startsWith('# Inputs'));
  const files = survey.files.join(', ');
  const found = foundLines(survey).map((line, index) => `# ${index === 0 ? 'Found   ' : '        '}${line}`);
  return [
    `# yaml-language-server: $schema=${schema}`,
    '#',
    `# What    Deploys ${survey.project} (${files}), as the shipped ${template} does. Written by \`playbook init\`; it is yours now.`,
    ...found,
    ...kept.slice(inputs),
    '',
  ].join('\n');
}
