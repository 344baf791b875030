/**
 * What must be true after an interrupted life: at once, with the stores as the crash left them, and after one restart.
 * Answers are sentences about what is wrong; none is good.
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkState } from '../../src/cli/check/command.ts';
import { CLIPS, FOOTAGE, HOLDS, SIDECARS, type Places } from './life.ts';
import { inBoth, readStores, type Receipt, type Stores } from './stores.ts';

const GOES = [...CLIPS.free, ...CLIPS.released, ...CLIPS.given];
const STAYS = [...CLIPS.standing, ...CLIPS.recent];
const STAYING = new Set([...STAYS, ...SIDECARS.filter((s) => STAYS.includes(s.replace('.jpg', '.mp4')))]);
const REMOVED = ['deleted', 'deleted_recovered'];
/** Ends of attempts after which the clip is live again. */
const LIVED_ON = ['failed', 'withdrawn_held'];

interface Sight {
  readonly stores: Stores;
  readonly there: (path: string) => boolean;
  /** Whether the subject had said this line. */
  readonly acked: (line: string) => boolean;
}

/** Before any restart. `acknowledged`: the lines the subject had said. */
export function afterTheCrash(places: Places, acknowledged: readonly string[]): string[] {
  const sight = sightOf(places, acknowledged);
  return [...wrongWithHolds(sight), ...wrongWithEnds(sight), ...wrongWithDeletions(sight)];
}

function sightOf(places: Places, acknowledged: readonly string[]): Sight {
  return {
    stores: readStores(places.state),
    there: (path) => existsSync(join(places.footage, path)),
    acked: (line) => acknowledged.includes(line),
  };
}

function* wrongWithHolds({ stores, there, acked }: Sight): Generator<string> {
  for (const path of CLIPS.recent) if (!there(path)) yield `I3: ${path} was not due and is gone`;
  if (isHeld({ stores, there, acked }))
    for (const path of CLIPS.standing) if (!there(path)) yield `I1: ${path} is held and gone`;
  const lost = (['standing', 'released'] as const).filter((key) => !inBoth(stores, key, 'placed'));
  for (const key of lost) if (acked(`placed ${key}`)) yield `I10: the hold ${key} was acknowledged`;
}

/** A placement that was refused, and of which no store knows, holds nothing: its clips go like any. */
function isHeld({ stores: { journal, index }, acked }: Sight): boolean {
  const known = [...journal, ...index].some((v) => v.caseRef === HOLDS.standing.terms.caseRef);
  return known || acked('placed standing');
}

/** Clips of the standing hold that went before it was placed. */
export function forgone(places: Places, acknowledged: readonly string[]): string[] {
  const sight = sightOf(places, acknowledged);
  return isHeld(sight) ? [] : CLIPS.standing.filter((path) => !sight.there(path));
}

/** What people do to the standing hold, in the words of the subject and of the versions. */
const ACTS = ['confirmed', 'withdrawn', 'narrowed'] as const;

/** A clip goes when both stores have the release of its hold, or the narrowing that gives it up, and not before. */
function* wrongWithEnds({ stores, there, acked }: Sight): Generator<string> {
  for (const act of ACTS)
    if (acked(act) && !inBoth(stores, 'standing', act)) yield `I10: that the hold is ${act} was acknowledged`;
  if (acked('released') && !inBoth(stores, 'released', 'released')) yield 'I10: the release was acknowledged';
  for (const [key, act, paths] of [
    ['released', 'released', CLIPS.released],
    ['standing', 'narrowed', CLIPS.given],
  ] as const) {
    const placed = acked(`placed ${key}`) || inBoth(stores, key, 'placed');
    for (const path of paths)
      if (placed && !there(path) && !inBoth(stores, key, act)) yield `I1: ${path} went, and is not ${act}`;
  }
}

function* wrongWithDeletions({ stores, there, acked }: Sight): Generator<string> {
  const receipts = stores.receipts.filter((r) => REMOVED.includes(r.outcome));
  for (const path of GOES) {
    const receipted = receipts.some((r) => r.path === path);
    if (receipted && there(path)) yield `I5: ${path} is called deleted and is there`;
    if (!receipted && !there(path) && !stores.deleting.has(path))
      yield `I4: ${path} is gone and neither an intent nor a receipt knows it`;
  }
  const owed = [
    ...(acked('swept 3 0') ? CLIPS.free : []),
    ...(acked('ended 2 0') ? [...CLIPS.released, ...CLIPS.given] : []),
  ];
  for (const path of owed) if (there(path)) yield `I2: the sweep was over and ${path} is there`;
}

interface Expected {
  /** As `forgone` told before the restart. */
  readonly forgone?: readonly string[];
  /** Whether the program has had the time to copy what is held. */
  readonly copied?: boolean;
}

/** After one restart in which the client repeated what had not been acknowledged, and everything came to its end. */
export function afterTheRestart(
  places: Places,
  said: readonly string[],
  { forgone: gone = [], copied = true }: Expected = {},
): string[] {
  const stores = readStores(places.state);
  const unsaid = ['indexed done', 'released', 'again 0 0', 'done'].filter((line) => !said.includes(line));
  const stays = (path: string): boolean => STAYING.has(path) && !gone.includes(path.replace('.jpg', '.mp4'));
  const misplaced = FOOTAGE.filter((path) => existsSync(join(places.footage, path)) !== stays(path));
  const { findings } = checkState({ stateDir: places.state }, 'size');
  return [
    ...unsaid.map((line) => `the restart did not say "${line}"`),
    ...misplaced.map((path) => (stays(path) ? `I1, I3: ${path} is gone` : `I2, I8: ${path} is there`)),
    ...[...GOES, ...gone].flatMap((path) => wrongEnd(path, stores.receipts)),
    ...wrongHolds(stores),
    ...wrongPins(places),
    ...wrongCopies(places, copied),
    ...(stores.badIntents > 0 ? [`I4: ${String(stores.badIntents)} intents have not exactly one end`] : []),
    ...[...stores.deleting].map((path) => `I4: ${path} is still being deleted`),
    ...findings.map((f) => `check: ${f.invariant}: ${f.sentence}`),
  ];
}

/** A deletion may be tried again, and happens once. */
function wrongEnd(path: string, receipts: readonly Receipt[]): string[] {
  const ends = receipts.filter((r) => r.path === path).map((r) => r.outcome);
  const final = ends.filter((outcome) => !LIVED_ON.includes(outcome));
  const once = final.length === 1 && REMOVED.includes(final[0] ?? '');
  return once ? [] : [`I4: the deletion of ${path} has the ends [${ends.join(', ')}]`];
}

/** What stands is pinned, and nothing else is. */
function wrongPins({ footage }: Places): string[] {
  const dir = join(footage, '.fortnight/holds');
  const names = existsSync(dir) ? readdirSync(dir, { recursive: true, encoding: 'utf8' }) : [];
  const pins = names.filter((name) => name.endsWith('.pin')).map((name) => statSync(join(dir, name)).ino);
  const held = CLIPS.standing.map((path) => join(footage, path)).filter((path) => existsSync(path));
  const wanted = held.map((path) => statSync(path).ino);
  return pins.join() === wanted.join() ? [] : [`I1, I8: ${names.join(', ')} lie among the pins`];
}

/** What stands has its copy, byte for byte (or none yet), and nothing else has. */
function wrongCopies({ footage }: Places, copied: boolean): string[] {
  const dir = join(footage, '.fortnight/copies');
  const names = existsSync(dir) ? readdirSync(dir) : [];
  const held = CLIPS.standing.map((path) => join(footage, path)).filter((path) => existsSync(path));
  const enough = names.length === held.length || (!copied && names.length < held.length);
  const same = enough && names.every((name) => isCopyOf(join(dir, name), held));
  return same ? [] : [`I1, I8: ${names.join(', ')} lie among the copies`];
}

function isCopyOf(copy: string, originals: readonly string[]): boolean {
  return copy.endsWith('.copy') && originals.some((path) => readFileSync(path).equals(readFileSync(copy)));
}

/** Every version there must be in the end, made once. */
const VERSIONS = [
  ...['placed', 'confirmed', 'asked', 'withdrawn', 'asked', 'narrowed'].map((act) => `Z-entrance ${act}`),
  ...['placed', 'asked', 'released'].map((act) => `Z-hall ${act}`),
].sort();

function wrongHolds({ journal, index }: Stores): string[] {
  return Object.entries({ journal, index }).flatMap(([store, versions]) => {
    const found = versions.map((v) => `${v.caseRef} ${v.act}`).sort();
    return found.join() === VERSIONS.join() ? [] : [`I10: the ${store} has the versions ${found.join(', ')}`];
  });
}
