/** A condition that has no value: something is missing or of another type than declared. Never the same as false. */
export class CouldNotEvaluate extends Error {
  override readonly name = 'CouldNotEvaluate';
  /** What the expression asked for and did not find: `['steps', 'up', 'ok']`. */
  readonly missing: readonly string[] | undefined;

  constructor(message: string, details: { missing?: readonly string[] } = {}) {
    super(message);
    this.missing = details.missing;
  }
}
