/** The keys of the configuration as a flat list, read off the schema: for the reference, the example, and slips of the pen. */
import { z } from 'zod';
import type { KeyPath } from './problem.ts';
import { ConfigFile } from './schema.ts';

/** The part of JSON Schema that zod writes for our schema, with the meta data of schema.ts. */
export interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly help?: string;
  readonly unit?: string;
  readonly absent?: string;
  readonly example?: unknown;
  readonly sample?: unknown;
}

export interface ConfigKey {
  /** As written in documents, `[]` for each element of a list: `sources[].root`. */
  readonly key: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

let known: JsonSchema | undefined;

/** The schema of the file as JSON Schema. */
export function fileSchema(): JsonSchema {
  known ??= z.toJSONSchema(ConfigFile, { io: 'input' }) as JsonSchema;
  return known;
}

/** Every key of the file in the order of the schema, maps before what is in them. */
export function configKeys(): ConfigKey[] {
  return keysBelow(fileSchema(), '');
}

function keysBelow(schema: JsonSchema, prefix: string): ConfigKey[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const key = `${prefix}${name}`;
    const required = schema.required?.includes(name) ?? false;
    const below =
      child.items?.properties === undefined
        ? keysBelow(child, `${key}.`)
        : keysBelow(child.items, `${key}[].`);
    return [{ key, schema: child, required }, ...below];
  });
}

/** The names that may stand in the map at `path`; empty where any name may stand or no map is expected. */
export function namesAt(path: KeyPath): readonly string[] {
  let schema: JsonSchema | undefined = fileSchema();
  for (const part of path) {
    schema = typeof part === 'number' ? schema?.items : mapBranch(schema)?.properties?.[part];
  }
  return Object.keys(mapBranch(schema)?.properties ?? {});
}

function mapBranch(schema: JsonSchema | undefined): JsonSchema | undefined {
  return schema?.anyOf?.find((branch) => branch.properties !== undefined) ?? schema;
}

/** What a value must be, in words, e.g. `number, 0 to 72`. */
export function typeInWords(schema: JsonSchema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeInWords).join(' or ');
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.type === 'array') return `list of ${schema.items?.properties === undefined ? 'texts' : 'maps'}`;
  if (schema.type === 'object') return mapInWords(schema);
  const words = PLAIN_TYPES.get(schema.type ?? '') ?? 'text';
  const { minimum, maximum } = schema;
  return minimum === undefined || maximum === undefined
    ? words
    : `${words}, ${String(minimum)} to ${String(maximum)}`;
}

const PLAIN_TYPES: ReadonlyMap<string, string> = new Map([
  ['integer', 'whole number'],
  ['number', 'number'],
  ['boolean', '`true` or `false`'],
]);

function mapInWords(schema: JsonSchema): string {
  if (schema.properties === undefined) return 'map of names to names';
  return 'nl' in schema.properties ? 'one text per language' : 'map';
}
