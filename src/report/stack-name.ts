/** What a run is about: a stack, or where there is none (`target: { engine: true }`) all that is on the engine. */
export function stackName(project: string): string {
  return project === '' ? 'this engine' : project;
}
