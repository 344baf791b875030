/** The table of keys in docs/guide/configuration.md, made from the schema. */
import { configKeys, typeInWords, type ConfigKey } from './keys.ts';

/** Markdown: one row per key, in the order of the file. */
export function referenceTable(): string {
  const head = ['| key | value | unit | when absent | meaning |', '| --- | --- | --- | --- | --- |'];
  return `${[...head, ...configKeys().map(row)].join('\n')}\n`;
}

function row({ key, schema, required }: ConfigKey): string {
  const cells = [
    `\`${key}\``,
    typeInWords(schema),
    schema.unit ?? '',
    absent(schema, required),
    schema.help ?? '',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function absent(schema: ConfigKey['schema'], required: boolean): string {
  if (required) return 'owed';
  if (schema.absent !== undefined) return schema.absent;
  if (schema.properties !== undefined) return 'defaults of its keys';
  return `\`${JSON.stringify(schema.default)}\``;
}
