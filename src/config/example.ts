/** The annotated example, config/fortnight.example.yaml: every key of the schema once, in its order, with its help. */
import { stringify } from 'yaml';
import { fileSchema, typeInWords, type JsonSchema } from './keys.ts';

const WIDTH = 100;

const HEAD = [
  'Configuration of Fortnight, every key explained.',
  'Made from the schema by `fortnight config example`; check yours with `fortnight config check`.',
  'Keys that are commented out are left alone by most sites.',
];

/** The whole file, ready to be written. It is valid wherever the paths it names are not something else. */
export function exampleYaml(): string {
  const head = HEAD.map((line) => `# ${line}`);
  const { properties = {}, required = [] } = fileSchema();
  const sections = Object.entries(properties).flatMap(([name, child]) => [
    '',
    ...entryLines({ name, schema: child, required: required.includes(name) }, { explained: true }),
  ]);
  return `${[...head, ...sections].join('\n')}\n`;
}

interface Entry {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

interface Place {
  /** Position in the list we are in; the examples of its keys have one value per position. */
  readonly element?: number;
  /** Comments and commented-out keys are written once per list. */
  readonly explained: boolean;
  /** Within a map that is commented out as a whole: one `#` is enough to take away. */
  readonly commentedOut?: boolean;
}

function mapLines(schema: JsonSchema, place: Place): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    entryLines({ name, schema: child, required: schema.required?.includes(name) ?? false }, place),
  );
}

function entryLines({ name, schema, required }: Entry, place: Place): string[] {
  const sampled = isSampled(schema) && place.commentedOut !== true;
  const lines = keyLines(name, schema, sampled ? { ...place, commentedOut: true } : place);
  if (!place.explained) return sampled ? [] : lines;
  const shown = sampled ? lines.map((line) => `# ${line}`) : lines;
  return [...wrap(schema.help ?? ''), ...wrap(facts(schema, required)), ...shown];
}

function keyLines(name: string, schema: JsonSchema, place: Place): string[] {
  if (schema.items?.properties !== undefined) return [`${name}:`, ...listLines(schema.items)];
  if (schema.properties !== undefined) return [`${name}:`, ...mapLines(schema, place).map(indent)];
  const { example, sample, default: preset } = schema;
  const ofElement = Array.isArray(example) && place.element !== undefined;
  const value: unknown = (ofElement ? (example as unknown[])[place.element] : example) ?? sample ?? preset;
  return stringify({ [name]: value }, { lineWidth: WIDTH - 10 })
    .trimEnd()
    .split('\n');
}

function listLines(items: JsonSchema): string[] {
  const lengths = Object.values(items.properties ?? {}).map((s) =>
    Array.isArray(s.example) ? s.example.length : 0,
  );
  return Array.from({ length: Math.max(...lengths) }, (_, element) => {
    const lines = mapLines(items, { element, explained: element === 0 });
    const first = lines.findIndex((line) => !line.startsWith('#'));
    return lines.map((line, i) => `${i < first ? '  ' : i === first ? '  - ' : '    '}${line}`);
  }).flat();
}

/** Whether the key, or every key below it, is shown commented out. */
function isSampled(schema: JsonSchema): boolean {
  if (schema.properties !== undefined) return Object.values(schema.properties).every(isSampled);
  return schema.sample !== undefined;
}

/** Type, unit and default in a comment of their own; nothing to say about maps that are only a heading. */
function facts(schema: JsonSchema, required: boolean): string {
  if (schema.properties !== undefined && schema.absent === undefined) return '';
  if (schema.items?.properties !== undefined) return '';
  const type = typeInWords(schema).replaceAll('`', '');
  const unit = schema.unit === undefined ? '' : `, ${schema.unit}`;
  return `(${type}${unit}; ${whenAbsent(schema, required)})`;
}

function whenAbsent(schema: JsonSchema, required: boolean): string {
  if (required) return 'owed';
  if (schema.absent !== undefined) return `without it: ${schema.absent}`;
  return `default: ${JSON.stringify(schema.default)}`;
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  if (text === '') return lines;
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`# ${word}`);
  }
  return lines;
}

function indent(line: string): string {
  return `  ${line}`;
}
