const WORDS: Record<string, string> = {
  string: 'a text',
  int: 'a whole number',
  double: 'a number',
  bool: 'a true or false',
  bytes: 'bytes',
  null: 'nothing',
  list: 'a list',
  map: 'a map',
  dyn: 'a value of unknown type',
  'google.protobuf.Duration': 'a duration',
  'google.protobuf.Timestamp': 'a time',
};

/** A CEL type in plain words: `list<string>` is "a list". */
export function inWords(type: string): string {
  const name = type.trim();
  const known = WORDS[name] ?? WORDS[name.replace(/<.*$/, '')];
  return known ?? 'a map';
}
