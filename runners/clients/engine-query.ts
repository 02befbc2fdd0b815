/** A reference keeps its slashes: they are part of the path of the engine's API. */
export function imagePath(reference: string): string {
  return encodeURIComponent(reference).replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%40', '@');
}

/** The engine's filter syntax; nothing where there is nothing to filter by. */
export function filters(wanted: Record<string, string[]>): string | undefined {
  const present = Object.entries(wanted).filter(([, values]) => values.length > 0);
  return present.length === 0 ? undefined : JSON.stringify(Object.fromEntries(present));
}

export function composeLabels(project: string | undefined, service: string | undefined): string[] {
  return [
    ...(project === undefined ? [] : [`com.docker.compose.project=${project}`]),
    ...(service === undefined ? [] : [`com.docker.compose.service=${service}`]),
  ];
}
