/** What zod found, in sentences an operator can act on. */
import type { z } from 'zod';
import { limitSentence } from '../base/limit-sentence.ts';
import { nearestName } from '../base/nearest.ts';
import { quoted } from '../base/printable.ts';
import { configKeys, namesAt } from './keys.ts';
import { didYouMean, keyText, type Finding, type KeyPath } from './problem.ts';

type Issue = z.core.$ZodIssue;

/**
 * Findings for the issues of one parse with `reportInput`; `base` is where the parsed value stands in the file. One
 * mistake gives one finding: a key that is missing because it was written otherwise is told at the key that was written.
 */
export function findingsOf(issues: readonly Issue[], base: KeyPath = []): Finding[] {
  const at = (issue: Issue): KeyPath => [
    ...base,
    ...issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
  ];
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => unknownKey(at(issue), key)) : [],
  );
  const explained = new Set(unknown.flatMap(({ explains }) => explains));
  const others = issues
    .filter((issue) => issue.code !== 'unrecognized_keys' && !explained.has(keyText(at(issue))))
    .flatMap((issue) =>
      issue.code === 'invalid_union'
        ? unionFindings(issue, at(issue))
        : [{ at: at(issue), sentence: sentenceOf(issue) }],
    );
  return [...others, ...unknown.map(({ finding }) => finding)];
}

interface UnknownKey {
  readonly finding: Finding;
  /** Where other findings follow from this one: the key that was meant, and the map it stands in. */
  readonly explains: readonly string[];
}

function unknownKey(parent: KeyPath, key: string): UnknownKey {
  const names = namesAt(parent);
  const told = (sentence: string, ...meant: string[]): UnknownKey => ({
    finding: { at: [...parent, key], sentence },
    explains: [keyText(parent), ...meant],
  });
  const near = nearestName(key, names);
  if (near !== undefined) {
    return told(`is no known key; did you mean ${quoted(near)}?`, keyText([...parent, near]));
  }
  const elsewhere = configKeys().find((k) => k.key.split(/[.[\]]+/).at(-1) === key)?.key;
  if (elsewhere !== undefined) {
    return told(`is no known key here; did you mean ${quoted(elsewhere)}?`, elsewhere);
  }
  return told(`is no known key; known here: ${names.join(', ')}`);
}

/** Of the forms a value may have, the one whose type it has is the one that was meant. */
function unionFindings(issue: z.core.$ZodIssueInvalidUnion, at: KeyPath): Finding[] {
  const meant = issue.errors.find((branch) => !branch.some((i) => isWrongType(i) && i.path.length === 0));
  if (meant !== undefined) return findingsOf(meant, at);
  if (issue.input === undefined) return [{ at, sentence: 'is missing' }];
  const forms = issue.errors
    .flat()
    .filter(isWrongType)
    .map((i) => typeName(i.expected));
  return [{ at, sentence: `must be ${forms.join(' or ')}, not ${kindOf(issue.input)}` }];
}

function isWrongType(issue: Issue): issue is z.core.$ZodIssueInvalidType {
  return issue.code === 'invalid_type';
}

function sentenceOf(issue: Issue): string {
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined) return 'is missing';
    return `must be ${typeName(issue.expected)}, not ${kindOf(issue.input)}`;
  }
  if (issue.code === 'invalid_value') return wrongValue(issue);
  return limitSentence(issue) ?? issue.message;
}

function wrongValue(issue: z.core.$ZodIssueInvalidValue): string {
  if (issue.input === undefined) return 'is missing';
  const near = typeof issue.input === 'string' ? didYouMean(issue.input, issue.values.map(String)) : '';
  return `${limitSentence(issue) ?? ''}${near}`;
}

const TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  ['string', 'a text'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'a map'],
  ['record', 'a map'],
]);

function typeName(expected: string): string {
  return TYPE_NAMES.get(expected) ?? `a ${expected}`;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (typeof value === 'string') return `the text ${quoted(value)}`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'a list' : 'a map';
}
